"""A pasted or uploaded list of people: e-mail addresses or external ids, one a line, and whom it means."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from courses.problems import Problem, ProblemsFound
from lms import sql
from lms.conf import conf
from lms.models import Cohort, Learner
from lms.people.columns import meaning
from lms.people.rules import company_day
from lms.people.sheet import read_rows

#: A list for one cohort; a whole company comes through the directory import.
MOST_LINES = 20_000
#: An address as mail programs copy it: “Ada Martin <ada@company.example>”.
ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


@dataclass
class PeopleList:
    """Whom a list means. ``invited``: addresses without an account yet. ``unknown``: neither a person nor an address."""

    found: list[int] = field(default_factory=list)
    invited: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_pasted(text: str) -> list[tuple[int, str]]:
    """``(line, address or id)``. Commas, semicolons and tabs part them as well as new lines do."""
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        entries += [(number, part) for raw in re.split(r"[;,\t]", line) if (part := _bare(raw))]
    return _limited(entries)


def read_file(file: File) -> list[tuple[int, str]]:
    """The column of addresses, else that of ids, else the first one. Raises ``ProblemsFound`` for what is neither CSV nor XLSX."""
    if (file.size or 0) > conf.IMPORT_MAX_MEGABYTES * 1024 * 1024:
        said = _("The file has more than %(most)s MB.") % {"most": conf.IMPORT_MAX_MEGABYTES}
        raise ProblemsFound([Problem("file_too_large", said)])
    content = file.read()
    entries: list[tuple[int, str]] = []
    column: int | None = None
    for place, (line, cells) in enumerate(read_rows(content, max_rows=MOST_LINES)):
        texts = ["" if cell is None else str(cell).removesuffix(".0") if isinstance(cell, float) else str(cell) for cell in cells]
        if place == 0:
            known = {meaning(text): position for position, text in reversed(list(enumerate(texts)))}
            column = known.get("email", known.get("external_id"))
            if column is not None:
                continue
        cell = texts[column] if column is not None and column < len(texts) else next((text for text in texts if text.strip()), "")
        if bare := _bare(cell):
            entries.append((line, bare))
    return _limited(entries)


def whom(entries: list[tuple[int, str]], *, now: dt.datetime) -> PeopleList:
    """Look everybody up: a number of queries that grows with batches only."""
    addresses = {entry.lower() for _line, entry in entries if "@" in entry}
    ids = {entry for _line, entry in entries if "@" not in entry}
    people: dict[str, tuple[int, str, Any]] = {}
    columns = ("pk", "email", "left_on", "external_id")
    for batch in sql.batches(sorted(addresses)):
        for pk, email, left_on, _external in (
            Learner.objects.annotate(key=Lower("email")).filter(key__in=batch).values_list(*columns)
        ):
            people[email.lower()] = (pk, email, left_on)
    for batch in sql.batches(sorted(ids)):
        for pk, email, left_on, external_id in Learner.objects.filter(external_id__in=batch).values_list(*columns):
            people[external_id] = (pk, email, left_on)
    today = company_day(now)
    result = PeopleList()
    seen: set[Any] = set()
    for line, entry in entries:
        key = entry.lower() if "@" in entry else entry
        person = people.get(key)
        if person is not None:
            pk, email, left_on = person
            if pk not in seen:
                seen.add(pk)
                if left_on is not None and left_on <= today:
                    result.left.append(email)
                else:
                    result.found.append(pk)
        elif key not in seen:
            seen.add(key)
            if "@" in entry:
                _invite(result, line, entry, key)
            else:
                said = _("Nobody has the external id “%(value)s”.") % {"value": entry[:100]}
                hint = _("Correct it, or write the e-mail address: somebody without an account yet can be invited by it.")
                result.problems.append(Problem("id_unknown", said, hint, where=_("line %(line)s") % {"line": line}))
    return result


def already_in(cohort: Cohort, found: list[int]) -> int:
    """How many of them are members."""
    return sum(cohort.memberships.current().filter(learner__in=batch).count() for batch in sql.batches(found))


def _invite(result: PeopleList, line: int, entry: str, key: str) -> None:
    try:
        validate_email(key)
    except ValidationError:
        said = _("“%(value)s” is not an e-mail address.") % {"value": entry[:100]}
        result.problems.append(Problem("email_invalid", said, where=_("line %(line)s") % {"line": line}))
    else:
        result.invited.append(key)


def _bare(raw: str) -> str:
    match = ADDRESS.search(raw)
    return (match.group(1) if match else raw.replace("\x00", "")).strip().strip("\"'<>").strip()


def _limited(entries: list[tuple[int, str]]) -> list[tuple[int, str]]:
    if len(entries) > MOST_LINES:
        said = _("The list has more than %(most)s people.") % {"most": MOST_LINES}
        raise ProblemsFound([Problem("too_many", said, _("Split it into several lists."))])
    return entries
