"""Fields and manners that the forms of our own admin pages share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.problems import Problem
from lms.conf import conf
from lms.enums import DueRule
from lms.models import CohortMembership, Learner


class HrForm(forms.Form):
    """What a room refuses is shown beside the field that it is about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def add_problems(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            name = problem.where if problem.where in self.fields else None
            text = f"{problem.message} {problem.hint}".strip()
            self.add_error(name, f"{problem.where}: {text}" if problem.where and name is None else text)


def is_key(value: Any) -> bool:
    """Whether it can be a row's number at all: forms and addresses are typed by anybody."""
    text = str(value)
    return text.isdecimal() and len(text) < 18


class _Sound:
    """Shown again with what was sent, whatever that was."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if is_key(one)], attr)  # type: ignore[misc]


class FindOne(_Sound, AutocompleteSelect):
    pass


class FindMany(_Sound, AutocompleteSelectMultiple):
    pass


class SomeField(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        for one in value or ():
            if not is_key(one):
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": str(one)[:40]}
                )
        return super().clean(value)


class DayInput(forms.DateInput):
    """A date as the browser's own calendar gives it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def day_field(*, label: Any, required: bool = True, initial: dt.date | None = None, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        initial=initial,
        help_text=help_text,
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"],
    )


def find_field(
    model: type[Model], name: str, site: AdminSite, *, queryset: Any, many: bool = False, **kwargs: Any
) -> forms.ModelChoiceField:
    """One row (or ``many``) found by typing, whatever their number; ``model.name`` is a foreign key to what is looked for."""
    reference = model._meta.get_field(name)
    if many:
        return SomeField(queryset=queryset, widget=FindMany(reference, site), **kwargs)
    return forms.ModelChoiceField(queryset=queryset, widget=FindOne(reference, site), **kwargs)


def person_label(learner: Learner) -> str:
    """Among a hundred thousand people a name alone is not enough to pick somebody."""
    return " · ".join(part for part in (learner.full_name, learner.job_title, learner.email) if part)


class _FindPerson:
    """Asks a page of ours, which answers with more than the name."""

    def get_url(self) -> str:
        return reverse("admin:lms_learner_find")


class PersonSelect(_FindPerson, FindOne):
    pass


class PeopleSelect(_FindPerson, FindMany):
    pass


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return person_label(obj)


class PeopleField(SomeField):
    def label_from_instance(self, obj: Any) -> str:
        return person_label(obj)


def people_field(site: AdminSite, *, queryset: Any, many: bool = False, **kwargs: Any) -> forms.ModelChoiceField:
    reference = CohortMembership._meta.get_field("learner")
    if many:
        return PeopleField(queryset=queryset, widget=PeopleSelect(reference, site), **kwargs)
    return PersonField(queryset=queryset, widget=PersonSelect(reference, site), **kwargs)


def cohort_field(site: AdminSite, *, queryset: Any, many: bool = False, **kwargs: Any) -> forms.ModelChoiceField:
    return find_field(CohortMembership, "cohort", site, queryset=queryset, many=many, **kwargs)


def reason_field(*, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        required=required,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text or _("It is kept in the audit trail."),
    )


def languages() -> list[tuple[str, Any]]:
    names = {"en": _("English"), "fr": _("French")}
    return [(code, names.get(code, code)) for code in conf.LANGUAGES]


class TermsForm(HrForm):
    """When an assignment starts and when it is due."""

    starts_on = day_field(label=_("Starts on"), help_text=_("Nobody hears of it before that day."))
    due_rule = forms.ChoiceField(label=_("Due"), choices=DueRule.choices, widget=forms.RadioSelect, initial=DueRule.NONE)
    due_on = day_field(label=_("Due date"), required=False, help_text=_("Only for “on a date”."))
    due_days = forms.IntegerField(
        label=_("Number of days"),
        required=False,
        min_value=0,
        max_value=3660,
        help_text=_("Only for “days after …”. A day that the person does not work moves to the next one that they do."),
    )

    def terms(self) -> dict[str, Any]:
        """As ``assign_tracks`` and ``change_assignment`` take them; what the chosen rule does not use is left out."""
        given = self.cleaned_data
        rule = DueRule(given["due_rule"])
        return {
            "starts_on": given["starts_on"],
            "due_rule": rule,
            "due_on": given["due_on"] if rule == DueRule.DATE else None,
            "due_days": given["due_days"] if rule not in (DueRule.DATE, DueRule.NONE) else None,
        }
