from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from courses.models.base import Published


class ActivityKind(models.TextChoices):
    LESSON = "lesson", _("lesson")
    QUIZ = "quiz", _("quiz")
    EXERCISE = "exercise", _("exercise")
    MISSION = "mission", _("mission")
    PROJECT = "project", _("project")
    EXTERNAL = "external", _("external")

    @classmethod
    def graded(cls) -> frozenset["ActivityKind"]:
        """Kinds that are done by an attempt which reaches the pass mark."""
        return frozenset({cls.QUIZ, cls.EXERCISE})


class Mechanic(models.TextChoices):
    CHOICE = "choice", _("choice")
    MARK = "mark", _("mark")
    SORT = "sort", _("sort")
    RANK = "rank", _("rank")
    SEQUENCE = "sequence", _("sequence")
    COMPOSE = "compose", _("compose")
    WRITE = "write", _("write")
    SCENARIO = "scenario", _("scenario")
    CALCULATE = "calculate", _("calculate")


class Activity(Published):
    """One thing to do in a module. What makes it *done* depends on its kind: see ``lms.progress``."""

    module = models.ForeignKey("courses.Module", on_delete=models.PROTECT, related_name="activities", verbose_name=_("module"))
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind.choices)
    title = I18nCharField(_("title"), max_length=500)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=5)
    required = models.BooleanField(_("required"), default=True)
    required_since = models.DateTimeField(
        _("required since"), null=True, blank=True, help_text=_("Empty: since its track was first published.")
    )
    pass_mark = models.DecimalField(
        _("pass mark"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.70"),
        validators=[MinValueValidator(Decimal("0")), MaxValueValidator(Decimal("1"))],
    )
    body = models.JSONField(
        _("text"),
        default=dict,
        blank=True,
        help_text=_(
            "By language, sanitised HTML. Lessons: {cards: [{title, html}]}; exercises: {prompt}; missions: {brief, without_tool, variants}."
        ),
    )
    documents = models.JSONField(
        _("documents"), default=list, blank=True, help_text=_("Ids of the data room's documents that are shown beside it.")
    )
    draw = models.JSONField(
        _("draw"), default=dict, blank=True, help_text=_("Quizzes: how many items of each group make one attempt.")
    )

    class Meta:
        ordering = ["module", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(pass_mark__gte=0, pass_mark__lte=1), name="courses_activity_pass_mark"),
        ]
        indexes = [
            # lms.progress: the activities required now of a module, for progress and unlocking
            models.Index(
                fields=["module"], name="courses_activity_required", condition=models.Q(required=True, retired_at__isnull=True)
            ),
        ]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")

    def __str__(self) -> str:
        return str(self.title)


class Item(Published):
    """One graded question: a domain's variant of an exercise, or a member of a quiz' pool.

    ``payload`` is what the browser may see; ``answer_key`` never leaves the server before the attempt is submitted.
    Both have the shapes of ``courses.grading``; ``texts`` holds, by language, what a person reads:
    ``{"en": {"prompt": html, "brief": html, "document": html, "why": html, "parts": {path: text}, "feedback": {part: html}}}``.
    """

    activity = models.ForeignKey("courses.Activity", on_delete=models.PROTECT, related_name="items", verbose_name=_("activity"))
    domain = models.ForeignKey(
        "courses.Domain", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("domain")
    )
    group = models.SlugField(_("group"), max_length=40, blank=True, help_text=_("Quizzes: the group that it is drawn from."))
    mechanic = models.CharField(_("mechanic"), max_length=20, choices=Mechanic.choices)
    weight = models.FloatField(_("weight"), default=1.0)
    payload = models.JSONField(_("payload"))
    answer_key = models.JSONField(_("key"))
    texts = models.JSONField(_("texts"), default=dict)
    documents = models.JSONField(
        _("documents"), default=list, blank=True, help_text=_("Ids of the data room's documents that are shown beside it.")
    )

    class Meta:
        ordering = ["activity", "position", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(weight__gt=0), name="courses_item_weight_positive")]
        verbose_name = _("item")
        verbose_name_plural = _("items")

    def __str__(self) -> str:
        return self.slug
