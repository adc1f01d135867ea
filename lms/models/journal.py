from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.enums import DataColour, MinutesRange, Outcome, ToolClass


class JournalEntry(models.Model):
    """What one tried at work, what it gave, what one checked. The text belongs to the learner: no manager, no HR page reads it.

    With ``activity`` (a mission) it is that mission's evidence; ``accepted_at`` is set by ``lms.journal.actions`` when it is complete.
    """

    learner = models.ForeignKey("lms.Learner", on_delete=models.CASCADE, related_name="journal", verbose_name=_("learner"))
    activity = models.ForeignKey(
        "courses.Activity", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mission")
    )
    tried_on = models.DateField(_("day"))
    task = models.CharField(_("What was the task?"), max_length=300)
    tool_class = models.CharField(_("With what?"), max_length=20, choices=ToolClass.choices, blank=True)
    data_colour = models.CharField(_("What colour was the data?"), max_length=10, choices=DataColour.choices, blank=True)
    asked = models.TextField(_("What did you ask?"), blank=True, max_length=8000)
    checked = models.TextField(_("What did you check, and how?"), blank=True, max_length=4000)
    outcome = models.CharField(_("What became of the result?"), max_length=10, choices=Outcome.choices, blank=True)
    minutes_before = models.CharField(_("Time it used to take"), max_length=10, choices=MinutesRange.choices, blank=True)
    minutes_after = models.CharField(_("Time it took, checks included"), max_length=10, choices=MinutesRange.choices, blank=True)
    lesson = models.TextField(_("One thing to remember"), blank=True, max_length=2000)
    written_at = models.DateTimeField(_("written"))
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    class Meta:
        ordering = ["-tried_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "activity"],
                condition=models.Q(activity__isnull=False),
                name="lms_journalentry_one_per_mission",
                violation_error_message=_("You already wrote about this mission: change that entry instead."),
            )
        ]
        indexes = [
            # lms.journal.queries: my journal by day; lms.reports.figures: who applied in the last 30 days
            models.Index(fields=["learner", "tried_on"], name="lms_journalentry_day"),
        ]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")

    def __str__(self) -> str:
        return self.task
