"""A journal entry: quick (half a minute) or with a mission's evidence."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.enums import DataColour, MinutesRange, Outcome, ToolClass
from lms.forms.look import LookMixin
from lms.models import JournalEntry, Learner

EVIDENCE = (
    "tried_on",
    "task",
    "tool_class",
    "data_colour",
    "asked",
    "checked",
    "outcome",
    "minutes_before",
    "minutes_after",
    "lesson",
)
CHOICES = {"tool_class": ToolClass, "data_colour": DataColour, "outcome": Outcome}


class EntryForm(LookMixin, forms.ModelForm):
    """Every field but the task may wait."""

    class Meta:
        model = JournalEntry
        fields = EVIDENCE
        widgets = {
            "tried_on": forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
            "task": forms.TextInput(attrs={"autocomplete": "off"}),
            "asked": forms.Textarea(attrs={"rows": 4}),
            "checked": forms.Textarea(attrs={"rows": 3}),
            "lesson": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "asked": _("For you alone. Leave out what is red."),
            "checked": _("A figure recalculated, a source opened, a colleague asked."),
            "lesson": _("One sentence that you would tell a colleague."),
        }

    def __init__(self, *args: Any, learner: Learner, now: dt.datetime, **kwargs: Any) -> None:
        today = now.astimezone(learner.zone).date()
        kwargs["initial"] = {"tried_on": today, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name in ("minutes_before", "minutes_after"):
            field = cast(forms.TypedChoiceField, self.fields[name])
            field.choices = [("", _("choose")), *MinutesRange.choices]
        for name, offered in CHOICES.items():
            self.fields[name].widget = forms.RadioSelect(choices=offered.choices)
        self.fields["tried_on"].widget.attrs["max"] = today.isoformat()
        self.fields["tried_on"].label = _("When?")

    def entry_fields(self) -> dict[str, Any]:
        """What the journal's actions accept."""
        return {name: self.cleaned_data[name] for name in EVIDENCE if name in self.cleaned_data}

    def _post_clean(self) -> None:
        """The room checks the entry and writes it; the form only reads."""


class EvidenceForm(EntryForm):
    """The same, for a mission: nothing but the task is refused, the rest is asked for until it is there."""

    says_optional = False
