"""Asking, answering, contesting, deciding."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.forms.look import LookMixin


class AskForm(LookMixin, forms.Form):
    question = forms.CharField(
        label=_("Your question"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What you want to do, what you tried, where it stops. Only this text and your name are shared."),
        error_messages={"required": _("Write your question: a sentence is enough.")},
    )
    #: The activity's address, when one asks from an activity.
    about = forms.SlugField(required=False, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class AnswerForm(LookMixin, forms.Form):
    answer = forms.CharField(
        label=_("Your answer"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write an answer before you send it.")},
    )


class ContestForm(LookMixin, forms.Form):
    words = forms.CharField(
        label=_("What do you think is wrong?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a sentence what you think is wrong: the champion has only your answer to go by.")},
    )
    consent = forms.BooleanField(
        label=_("I agree that a champion sees this attempt, and this one only."),
        error_messages={"required": _("Without your consent nobody can look at it: tick the box, or leave the score as it is.")},
    )


class DecisionForm(LookMixin, forms.Form):
    """The score is typed in per cent."""

    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("The score is corrected")), ("no", _("The score stays"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    corrected_score = forms.IntegerField(
        label=_("Corrected score, in per cent"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person who contested reads it."),
    )

    def share(self) -> float | None:
        percent = self.cleaned_data.get("corrected_score")
        return percent / 100 if percent is not None and self.cleaned_data.get("granted") else None
