from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from courses.models.base import OfPack


class RoleFamily(models.TextChoices):
    BUSINESS = "business", _("in the business")
    GUIDANCE = "guidance", _("guidance, law and ethics")
    EXPERIENCE = "experience", _("language and experience")
    DATA = "data", _("data")
    BUILDING = "building", _("building and running systems")


class Technicality(models.TextChoices):
    """How much computing the role itself asks for."""

    NONE = "none", _("no coding")
    LIGHT = "light", _("understands the technique, does not code")
    SOME = "some", _("some technique")
    DEEP = "deep", _("technical")


class Role(OfPack):
    """An AI-era role from the catalogue, for orientation and for the talk with one's manager; never a promise."""

    title = I18nCharField(_("title"), max_length=500)
    family = models.CharField(_("family"), max_length=20, choices=RoleFamily.choices)
    technicality = models.CharField(_("technical or not"), max_length=10, choices=Technicality.choices)
    summary = I18nTextField(_("summary"))
    duties = models.JSONField(_("duties"), default=dict, help_text=_('By language: {"en": ["…"], "fr": ["…"]}.'))
    abilities = models.JSONField(
        _("abilities"), default=dict, help_text=_("By language, what it asks for besides the five skills.")
    )
    education = I18nTextField(_("ways in"), blank=True)
    sectors = models.ManyToManyField("courses.Sector", related_name="roles", blank=True, verbose_name=_("sectors"))
    leads_to = models.JSONField(_("leads to"), default=list, help_text=_("Ids of roles that people move on to."))
    pay = models.JSONField(
        _("pay"),
        default=list,
        help_text=_("Dated figures from published sources; shown only where the company switches it on, with source and year."),
    )
    source = I18nTextField(_("source"), blank=True)
    as_of = models.DateField(_("as of"))
    review_after = models.DateField(_("to be reviewed after"))

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("role")
        verbose_name_plural = _("roles")

    def __str__(self) -> str:
        return str(self.title)


class RoleLevel(models.Model):
    """The level (1 explorer … 4 guide) that a role asks for in one skill; a skill that it does not ask for has no row."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="levels", verbose_name=_("role"))
    skill = models.ForeignKey("courses.Skill", on_delete=models.PROTECT, related_name="role_levels", verbose_name=_("skill"))
    level = models.PositiveSmallIntegerField(_("level"))

    class Meta:
        ordering = ["role", "skill__position"]
        constraints = [
            models.UniqueConstraint(fields=["role", "skill"], name="courses_rolelevel_once"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 4)), name="courses_rolelevel_level"),
        ]
        verbose_name = _("level asked")
        verbose_name_plural = _("levels asked")

    def __str__(self) -> str:
        return f"{self.role} · {self.skill} {self.level}"
