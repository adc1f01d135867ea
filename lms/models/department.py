from django.db import models
from django.utils.translation import gettext_lazy as _


class DepartmentQuerySet(models.QuerySet):
    def within(self, department: "Department") -> "DepartmentQuerySet":
        """The department and everything below it."""
        return self.filter(models.Q(pk=department.pk) | models.Q(path__startswith=f"{department.path}/"))


class Department(models.Model):
    """A node of the company's tree. ``path`` holds the names from the top, joined by ``/``, as a directory file writes them."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    path = models.CharField(_("path"), max_length=700, unique=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.path
