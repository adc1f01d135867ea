"""How the trail's codes are said to people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

VERBS: dict[str, Any] = {
    "add_cohort": gettext_lazy("made the cohort"),
    "add_leave": gettext_lazy("entered leave"),
    "add_members": gettext_lazy("added members"),
    "add_members_by_email": gettext_lazy("added members by e-mail address"),
    "add_site": gettext_lazy("added the site"),
    "admit_invited": gettext_lazy("let invited people in"),
    "apply_directory": gettext_lazy("applied a directory file"),
    "assign_tracks": gettext_lazy("assigned a track"),
    "change_assignment": gettext_lazy("changed an assignment"),
    "change_cohort": gettext_lazy("changed the cohort"),
    "change_learner": gettext_lazy("changed the person’s details"),
    "change_leave": gettext_lazy("changed leave"),
    "change_non_working_days": gettext_lazy("changed the days not worked"),
    "change_site": gettext_lazy("changed the site"),
    "change_subscription": gettext_lazy("changed a report subscription"),
    "create_learner": gettext_lazy("added the person"),
    "create_cohort": gettext_lazy("made the cohort"),
    "decide_contest": gettext_lazy("decided on a contested score"),
    "delete_leave": gettext_lazy("removed leave"),
    "end_champion": gettext_lazy("ended the champion’s time"),
    "enrol_self": gettext_lazy("chose a track"),
    "export_audit": gettext_lazy("exported the audit trail"),
    "export_enrolments": gettext_lazy("exported enrolments"),
    "fill_non_working_days": gettext_lazy("entered public holidays"),
    "leave_track": gettext_lazy("gave a track back"),
    "mark_left": gettext_lazy("marked the person as left"),
    "name_champion": gettext_lazy("named a champion"),
    "pause_subscription": gettext_lazy("paused a report subscription"),
    "remove_members": gettext_lazy("removed members"),
    "reopen_enrolments": gettext_lazy("reopened a track for those who had finished it"),
    "resume_subscription": gettext_lazy("resumed a report subscription"),
    "return_learner": gettext_lazy("welcomed the person back"),
    "send_password_link": gettext_lazy("sent a link to choose a password"),
    "send_sample": gettext_lazy("sent a sample report"),
    "subscribe": gettext_lazy("subscribed somebody to a report"),
    "upload_directory": gettext_lazy("uploaded a directory file"),
    "withdraw_assignment": gettext_lazy("withdrew an assignment"),
}
KEYS: dict[str, Any] = {
    "already": gettext_lazy("already enrolled"),
    "changed": gettext_lazy("changed"),
    "edition": gettext_lazy("edition"),
    "enrolled": gettext_lazy("newly enrolled"),
    "enrolments": gettext_lazy("enrolments"),
    "granted": gettext_lazy("granted"),
    "hours_per_week": gettext_lazy("hours a week agreed"),
    "invited": gettext_lazy("invited"),
    "joined": gettext_lazy("joined"),
    "leaving": gettext_lazy("left the company"),
    "members": gettext_lazy("members"),
    "moved": gettext_lazy("moved"),
    "new": gettext_lazy("new"),
    "people": gettext_lazy("people"),
    "returning": gettext_lazy("came back"),
    "revived": gettext_lazy("brought back"),
    "rows": gettext_lazy("rows"),
    "unchanged": gettext_lazy("unchanged"),
}


def verb_in_words(verb: str) -> str:
    return str(VERBS.get(verb) or verb.replace("_", " "))


def kind_in_words(label: str) -> str:
    """``lms.cohort`` as people call it."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def key_in_words(key: str, label: str) -> str:
    if key in KEYS:
        return str(KEYS[key])
    try:
        return str(apps.get_model(label)._meta.get_field(key).verbose_name)
    except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
        return key.replace("_", " ")


def value_in_words(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(value_in_words(one) for one in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {value_in_words(one)}" for key, one in value.items()) or "–"
    return str(value)


Names = dict[tuple[str, str, Any], str]


def name_references(entries: Iterable[Any]) -> Names:
    """The names of the rows that entries refer to by number (a department, a manager): one query per kind of row."""
    wanted: dict[Any, set[Any]] = {}
    places: list[tuple[str, str, Any]] = []
    for entry in entries:
        for values in (entry.before, entry.after):
            for key, value in (values or {}).items() if isinstance(values, dict) else ():
                target = _target(entry.object_type, key)
                if target is not None and isinstance(value, int) and not isinstance(value, bool):
                    wanted.setdefault(target, set()).add(value)
                    places.append((entry.object_type, key, value))
    found = {target: target._default_manager.in_bulk(keys) for target, keys in wanted.items()}
    return {place: str(row) for place in places if (row := found[_target(place[0], place[1])].get(place[2])) is not None}


def _target(label: str, key: str) -> Any:
    try:
        return apps.get_model(label)._meta.get_field(key).related_model
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def changes_in_words(
    before: dict[str, Any] | None, after: dict[str, Any] | None, label: str, names: Names | None = None
) -> list[tuple[str, str, str]]:
    """``(what, before, after)``; what stayed the same is left out."""
    before, after = before or {}, after or {}
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    keys = dict.fromkeys([*before, *after])

    def said(key: str, value: Any) -> str:
        known = (names or {}).get((label, key, value)) if isinstance(value, int) else None
        return known or value_in_words(value)

    return [
        (
            key_in_words(key, label),
            said(key, before.get(key)) if key in before else "",
            said(key, after.get(key)) if key in after else "",
        )
        for key in keys
        if before.get(key) != after.get(key) or key not in before or key not in after
    ]
