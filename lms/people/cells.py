"""One cell of a directory file -> one value, or a ``CellError`` that says in people's words what is wrong with it."""

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lms.conf import conf
from lms.models import Department, Learner, Site
from lms.people.columns import fold

FIRST_YEAR, LAST_YEAR = 1900, 2200
#: Days since this date are how spreadsheets store dates; the range is 1954 to 2173.
EXCEL_EPOCH, EXCEL_SERIALS = dt.date(1899, 12, 30), range(20_000, 100_000)
MAX_ATTRIBUTE = 500

_DATE = re.compile(
    r"^(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}))(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$"
)
_PLAIN_EMAIL = re.compile(r"[a-z0-9_%+'-]+(?:\.[a-z0-9_%+'-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SPREADSHEET_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#N/D", "#NOM?", "#VALEUR!"}

COUNTRIES = {
    "france": "FR", "belgique": "BE", "belgium": "BE", "belgie": "BE", "luxembourg": "LU", "suisse": "CH", "switzerland": "CH",
    "allemagne": "DE", "germany": "DE", "espagne": "ES", "spain": "ES", "italie": "IT", "italy": "IT", "portugal": "PT",
    "pays bas": "NL", "netherlands": "NL", "royaume uni": "GB", "united kingdom": "GB", "uk": "GB", "irlande": "IE", "ireland": "IE",
    "canada": "CA", "etats unis": "US", "united states": "US", "usa": "US", "maroc": "MA", "morocco": "MA", "tunisie": "TN",
    "tunisia": "TN", "pologne": "PL", "poland": "PL", "autriche": "AT", "austria": "AT", "monaco": "MC",
}  # fmt: skip


class CellError(Exception):
    """What is wrong with one cell: ``code``, and texts in the reader's language with ``params`` for their placeholders."""

    def __init__(self, code: str, message: Any, hint: Any = "", **params: object) -> None:
        super().__init__(code)
        self.code, self.message, self.hint, self.params = code, message, hint, params


def text_of(cell: Any) -> str:
    """The cell as text: one line, one form of each accented letter (NFC), no space at the ends. Control characters stay, to be seen."""
    if isinstance(cell, str):
        text = cell.strip()
        if text.isascii():
            return text
        return unicodedata.normalize("NFC", text.replace("\u00a0", " ").replace("\u202f", " ").replace("\ufeff", "").strip())
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        # Spreadsheets hold every number with a fraction: 1042.0 is the id 1042.
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time.min:
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def line_of_text(cell: Any, limit: int) -> str:
    text = text_of(cell)
    if _CONTROL.search(text):
        raise CellError("control_character", _("“%(value)s” holds a line break or another invisible character."), _("Write it on one line."),
                        value=shown(text))  # fmt: skip
    if text in _SPREADSHEET_ERRORS:
        raise CellError("formula_error", _("“%(value)s” is the error of a formula."), _("Correct the formula, or paste values only."),
                        value=text)  # fmt: skip
    if len(text) > limit:
        raise CellError(
            "too_long", _("“%(value)s” is too long."), _("At most %(most)s characters."), value=shown(text), most=limit
        )
    return text


def name(cell: Any, limit: int) -> str:
    """A text that later stands in spreadsheets and mails; it must not begin like a formula."""
    text = line_of_text(cell, limit)
    if text[:1] in {"=", "+", "-", "@"}:
        raise CellError(
            "looks_like_formula",
            _("“%(value)s” begins like a formula."),
            _("Remove the sign at its beginning."),
            value=shown(text),
        )
    return text if "  " not in text else " ".join(text.split())


def shown(text: str) -> str:
    """Short enough for a message, with what is invisible made visible."""
    visible = "".join("␤" if c in "\r\n\u2028\u2029" else "·" if _CONTROL.match(c) else c for c in text)
    return visible if len(visible) <= 60 else visible[:59] + "…"


def external_id(cell: Any) -> str:
    return name(cell, _limit(Learner, "external_id"))


def email(cell: Any) -> str:
    """In lower case, as it is stored and compared."""
    text = line_of_text(cell, 1000).lower()
    if not text or (_PLAIN_EMAIL.fullmatch(text) and len(text) <= _limit(Learner, "email")):
        return text
    try:
        validate_email(text)
    except ValidationError as error:
        hint = _("Write it like prenom.nom@entreprise.fr, one address only.")
        raise CellError("email_invalid", _("“%(value)s” is not an e-mail address."), hint, value=shown(text)) from error
    return text


def reference(cell: Any) -> str:
    """Of a manager: an external id as it is, an e-mail address in lower case."""
    text = line_of_text(cell, 254)
    return text.lower() if "@" in text else text


def first_name(cell: Any) -> str:
    return name(cell, _limit(Learner, "first_name"))


def last_name(cell: Any) -> str:
    return name(cell, _limit(Learner, "last_name"))


def job_title(cell: Any) -> str:
    return name(cell, _limit(Learner, "job_title"))


def site(cell: Any) -> str:
    return name(cell, _limit(Site, "name"))


def domain(cell: Any) -> str:
    return line_of_text(cell, 500)


def department(cell: Any) -> str:
    """The path with ``/`` between the names and no empty name."""
    parts = [" ".join(part.split()) for part in name(cell, 2000).split("/")]
    parts = [part for part in parts if part]
    for part in parts:
        name(part, _limit(Department, "name"))
    path = "/".join(parts)
    return line_of_text(path, _limit(Department, "path"))


def country(cell: Any) -> str:
    text = line_of_text(cell, 100)
    if not text:
        return ""
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    if found := COUNTRIES.get(fold(text)):
        return found
    raise CellError(
        "country_unknown", _("“%(value)s” is not a known country."), _("Write its two-letter code: FR, BE …"), value=shown(text)
    )


def language(cell: Any) -> str:
    """A code of ``LMS["LANGUAGES"]`` from a code (fr, fr-BE) or a name in any of these languages (français, French)."""
    text = line_of_text(cell, 100)
    if not text:
        return ""
    known = _languages(tuple(conf.LANGUAGES))
    found = known.get(fold(text)) or known.get(fold(re.split(r"[-_]", text)[0]))
    if found is None:
        raise CellError(
            "language_unknown",
            _("“%(value)s” is not a language that is spoken here."),
            _("Write one of: %(known)s; or leave it empty."),
            value=shown(text),
            known=", ".join(conf.LANGUAGES),
        )
    return found


@lru_cache(maxsize=4)
def _languages(codes: tuple[str, ...]) -> dict[str, str]:
    known: dict[str, str] = {}
    for code in codes:
        info = LANG_INFO.get(code, {})
        known |= {fold(each): code for each in (code, info.get("name", ""), info.get("name_local", "")) if each}
        for spoken in codes:
            with translation.override(spoken):
                known[fold(translation.gettext(info.get("name", code)))] = code
    return known


def time_zone(cell: Any) -> str:
    text = line_of_text(cell, 100)
    if not text:
        return ""
    found = _zones().get(text.casefold().replace(" ", "_"))
    if found is None:
        close = difflib.get_close_matches(text.casefold().replace(" ", "_"), _zones(), n=1, cutoff=0.6)
        raise CellError(
            "time_zone_unknown",
            _("“%(value)s” is not a known time zone."),
            _("Write for example %(example)s."),
            value=shown(text),
            example=_zones()[close[0]] if close else "Europe/Paris",
        )
    return found


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones()}


def date(cell: Any) -> dt.date | None:
    """31/12/2026 (day first, always), 2026-12-31, a spreadsheet's date, or the number that it stores for one."""
    if isinstance(cell, dt.datetime):
        return _in_range(cell.date())
    if isinstance(cell, dt.date):
        return _in_range(cell)
    text = text_of(cell)
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) in EXCEL_SERIALS:
        return EXCEL_EPOCH + dt.timedelta(days=int(text))
    match = _DATE.match(text)
    if match:
        year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
        try:
            return _in_range(dt.date(int(year), int(month), int(day)))
        except ValueError:
            pass
    raise CellError(
        "date_invalid",
        _("“%(value)s” is not a date."),
        _("Write it like 31/12/2026 or 2026-12-31, day before month."),
        value=shown(text),
    )


def _in_range(day: dt.date) -> dt.date:
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise CellError("date_invalid", _("“%(value)s” is not a plausible date."), _("Check the year."), value=day.isoformat())
    return day


def attribute(cell: Any) -> str:
    """A column that we do not know: kept as one line of text."""
    return line_of_text(" ".join(text_of(cell).split()), MAX_ATTRIBUTE)


@lru_cache(maxsize=32)
def _limit(model: type[Any], field: str) -> int:
    return int(model._meta.get_field(field).max_length)


#: How the cell of each column is read.
READERS: dict[str, Callable[[Any], Any]] = {
    "external_id": external_id, "email": email, "first_name": first_name, "last_name": last_name, "department": department,
    "manager": reference, "domain": domain, "job_title": job_title, "site": site, "country": country, "language": language,
    "time_zone": time_zone, "hired_on": date, "left_on": date,
}  # fmt: skip
