"""What people decide about themselves."""

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from lms.forms.look import LookMixin


@lru_cache(maxsize=1)
def zones() -> list[tuple[str, str]]:
    """Places people know: continents and oceans, no technical names."""
    continents = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if name.startswith(continents)]


class WorkingTimeForm(LookMixin, forms.Form):
    says_optional = False
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"), choices=list(WEEKDAYS.items()), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.initial.get("time_zone")
        if current and current not in dict(zones()):
            self.fields["time_zone"].choices = [(current, current), *zones()]  # type: ignore[attr-defined]


class LeaveForm(LookMixin, forms.Form):
    starts_on = forms.DateField(label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))


class PauseForm(LookMixin, forms.Form):
    says_optional = False
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
