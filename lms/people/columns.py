"""The columns of a directory file, and how people write their headings: in English or French, any case, with or without accents."""

import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from courses.problems import Problem

REQUIRED = ("external_id", "email")
MAX_EXTRA_COLUMNS = 50

#: Every heading that means a column. Compared after ``fold``: lower case, no accents, words joined by one space.
HEADINGS: dict[str, tuple[str, ...]] = {
    "external_id": (
        "external id", "id", "employee id", "employee number", "personnel number", "staff id", "matricule", "identifiant", "numero",
        "numero de matricule", "identifiant externe", "id externe", "id salarie",
    ),
    "email": (
        "email", "e mail", "mail", "email address", "e mail address", "work email", "courriel", "adresse e mail", "adresse email",
        "adresse mail", "adresse electronique", "mel", "e mail professionnel", "email professionnel",
    ),
    "first_name": ("first name", "firstname", "given name", "forename", "prenom", "prenoms"),
    "last_name": ("last name", "lastname", "surname", "family name", "name", "nom", "nom de famille", "nom d usage"),
    "department": (
        "department", "unit", "team", "organisation unit", "organization unit", "departement", "service", "direction", "entite", "equipe",
    ),
    "manager": (
        "manager", "manager id", "manager email", "manager e mail", "line manager", "supervisor", "reports to", "responsable",
        "responsable hierarchique", "superieur", "superieur hierarchique", "n 1", "n+1", "manageur",
    ),
    "domain": ("domain", "business domain", "function", "business function", "metier", "domaine", "fonction metier", "filiere"),
    "job_title": ("job title", "job", "title", "position", "poste", "intitule de poste", "intitule du poste", "fonction", "emploi"),
    "site": ("site", "location", "office", "workplace", "lieu", "lieu de travail", "etablissement"),
    "country": ("country", "country code", "pays", "code pays"),
    "language": ("language", "preferred language", "langue", "langue preferee"),
    "time_zone": ("time zone", "timezone", "fuseau horaire", "fuseau"),
    "hired_on": (
        "hired on", "hire date", "hiring date", "date hired", "start date", "entry date", "date d embauche", "embauche", "embauche le",
        "date d entree", "entree", "date d arrivee", "arrivee",
    ),
    "left_on": (
        "left on", "leaving date", "date left", "leave date", "end date", "exit date", "termination date", "date de depart", "depart",
        "parti le", "date de sortie", "sortie", "date de fin de contrat",
    ),
}  # fmt: skip


def fold(text: str) -> str:
    """For comparing what people type: no accents, no case, words joined by one space."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    return " ".join("".join(c if c.isalnum() or c == "+" else " " for c in plain).split())


_MEANING = {heading: column for column, headings in HEADINGS.items() for heading in headings}


def meaning(heading: str) -> str | None:
    """The column that a heading means, or None: an extra column."""
    return _MEANING.get(fold(heading))


@dataclass(frozen=True)
class Header:
    """Which column stands where. ``names`` keeps the headings as their author wrote them."""

    places: dict[str, int]
    names: dict[str, str]
    extra: dict[str, int]
    problems: list[Problem] = field(default_factory=list)


def read_header(cells: list[str], line: int) -> Header:
    """Understand the line of headings; what is missing or there twice is a problem."""
    places: dict[str, int] = {}
    names: dict[str, str] = {}
    extra: dict[str, int] = {}
    problems: list[Problem] = []
    where = str(_("line %(line)s") % {"line": line})
    for place, raw in enumerate(cells):
        heading = " ".join(raw.split())
        if not heading:
            continue
        column = meaning(heading)
        if column is None:
            if heading in extra:
                problems.append(_twice(heading, heading, where))
            extra[heading[:100]] = place
        elif column in places:
            problems.append(_twice(names[column], heading, where))
        else:
            places[column], names[column] = place, heading
    for column in REQUIRED:
        if column not in places:
            problems.append(
                Problem(
                    "column_missing",
                    _("There is no column “%(column)s”."),
                    _("The first line must hold the headings; external_id and email are needed. Found: %(found)s."),
                    where,
                    params={
                        "column": column,
                        "found": ", ".join(" ".join(c.split())[:30] for c in cells[:20] if c.strip()) or "–",
                    },
                )
            )
    if len(extra) > MAX_EXTRA_COLUMNS:
        problems.append(
            Problem(
                "too_many_columns",
                _("There are %(count)s columns that are not known."),
                _("At most %(most)s are kept as attributes; remove the others."),
                where,
                params={"count": len(extra), "most": MAX_EXTRA_COLUMNS},
            )
        )
    return Header(places=places, names=names, extra=extra, problems=problems)


def _twice(first: str, second: str, where: str) -> Problem:
    return Problem(
        "column_twice",
        _("The headings “%(first)s” and “%(second)s” mean the same column."),
        _("Keep one of them."),
        where,
        params={"first": first, "second": second},
    )
