"""One person's details, as HR may change them by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from courses.models import Domain
from lms.admin.forms import HrForm, day_field, find_field, languages, people_field, reason_field
from lms.conf import conf
from lms.forms.me import zones
from lms.models import Department, Learner, Site

#: Fields of the form that are the learner's own, by the same names.
FIELDS = (
    "first_name", "last_name", "email", "job_title", "department", "manager", "domain", "site", "language", "time_zone", "working_days",
    "hired_on",
)  # fmt: skip


class PersonForm(HrForm):
    first_name = forms.CharField(label=_("First name"), max_length=100, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("The person signs in with it."))
    job_title = forms.CharField(label=_("Job title"), max_length=150, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=languages)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    working_days = forms.MultipleChoiceField(
        label=_("Working days"),
        choices=[(str(number), name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Reminders come on these days only."),
    )
    hired_on = day_field(label=_("Hired on"), required=False)
    reason = reason_field(required=False)

    def __init__(self, *args: Any, site: Any, learner: Learner | None = None, **kwargs: Any) -> None:
        self.learner = learner
        initial = {name: getattr(learner, name) for name in FIELDS} if learner is not None else {}
        if learner is not None:
            initial["working_days"] = list(learner.working_days)
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        managers = Learner.objects.exclude(pk=learner.pk) if learner is not None else Learner.objects.all()
        department = find_field(
            Learner, "department", site, queryset=Department.objects.all(), required=False, label=_("Department")
        )
        manager = people_field(site, queryset=managers, required=False, label=_("Manager"))
        domain = forms.ModelChoiceField(
            queryset=Domain.objects.all() if learner is not None and learner.domain_id else Domain.objects.current(), required=False,
            label=_("Domain"), help_text=_("The business function that exercises are chosen for."),
        )  # fmt: skip
        place = forms.ModelChoiceField(
            queryset=Site.objects.all(), required=False, label=_("Site"), help_text=_("It decides the public holidays.")
        )
        late = ("language", "time_zone", "working_days", "hired_on", "reason")
        early = {name: field for name, field in self.fields.items() if name not in late}
        looked_up = {"department": department, "manager": manager, "domain": domain, "site": place}
        self.fields = {**early, **looked_up, **{name: self.fields[name] for name in late}}
        zone = self.initial.get("time_zone")
        if zone and zone not in dict(zones()):
            self.fields["time_zone"].choices = [(zone, zone), *zones()]  # type: ignore[attr-defined]

    def clean_working_days(self) -> str:
        return "".join(sorted(self.cleaned_data["working_days"]))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    def changed_values(self) -> dict[str, Any]:
        """Only what was changed: what the form does not touch, an import meanwhile may have."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in FIELDS}


class NewPersonForm(PersonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        defaults = {
            "language": conf.DEFAULT_LANGUAGE,
            "time_zone": conf.TIME_ZONE,
            "working_days": [str(day) for day in conf.DEFAULT_WORKING_DAYS],
        }
        super().__init__(*args, initial=defaults, **kwargs)
        key = forms.CharField(
            label=_("External id"),
            max_length=100,
            help_text=_("Their number in your personnel system. The next import finds them by it."),
        )
        self.fields = {"external_id": key, **self.fields}

    def values(self) -> dict[str, Any]:
        return {"external_id": self.cleaned_data["external_id"].strip(), **super().values()}
