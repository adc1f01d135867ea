from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LmsConfig(AppConfig):
    """People and their learning."""

    name = "lms"
    verbose_name = _("Passerelle")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from courses.packs.impact import register_impact_provider
        from lms import checks  # noqa: F401  (registers the system checks)
        from lms.progress.impact import count_people

        register_impact_provider(count_people)
