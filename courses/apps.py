from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    """The catalogue: what can be learned. Knows nothing about people."""

    name = "courses"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from courses import checks  # noqa: F401  (registers the system checks)
