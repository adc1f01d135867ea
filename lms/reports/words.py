"""The stored figures in words: the one translation from numbers to sentences, for the mail, the page, and the people it is about.

Everything is written in the language that is active, with the dates of the report; nothing is counted here.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

from lms.conf import conf
from lms.enums import Cadence, EnrolmentState
from lms.models import Report
from lms.reports.rules import Change, Share, Word
from lms.reports.scope import Kind
from lms.reports.starters import starter


@dataclass(frozen=True)
class Fact:
    """One figure: what it is, its value, and what to know about it."""

    label: str
    value: str
    detail: str = ""
    #: Words instead of a number: they are set smaller.
    in_words: bool = False


@dataclass(frozen=True)
class Part:
    """One published state of a track; ``percent`` is None where only words may be said."""

    state: str
    label: str
    value: str
    percent: int | None


@dataclass(frozen=True)
class TrackLine:
    """``percent`` done, for the bar; ``value`` says it; ``parts`` are all published states, the finest detail allowed."""

    slug: str
    skill: str
    title: str
    value: str
    percent: int | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class NamedLine:
    learner_id: int
    name: str
    track: str
    state: str
    label: str


@dataclass(frozen=True)
class ReportPage:
    """A report as it is read."""

    period: str
    about: str
    headline: str
    #: Why there are no figures, or why they are about a larger group; empty otherwise.
    note: str
    empty: bool
    facts: tuple[Fact, ...]
    question: str
    tracks: tuple[TrackLine, ...]
    named: tuple[NamedLine, ...]
    why: str
    never: str

    @property
    def subject(self) -> str:
        return gettext("Report, %(period)s: %(headline)s") % {"period": self.period, "headline": self.headline.rstrip(".")}


def report_page(report: Report) -> ReportPage:
    """A stored report in words."""
    return page_of(report.figures, start=report.period_start, end=report.period_end, cadence=report.subscription.cadence)


def page_of(figures: dict[str, Any], *, start: dt.date, end: dt.date, cadence: str) -> ReportPage:
    empty = bool(figures.get("empty"))
    applied = Share.from_json(figures.get("applied"))
    tracks = tuple(_track_line(track) for track in figures.get("tracks", ()))
    titles = {track.slug: track.title for track in tracks}
    return ReportPage(
        period=period_words(start, end, cadence),
        about=about_words(figures),
        headline=gettext("No figures this time.") if empty else _headline(applied, figures, any_track=bool(tracks)),
        note=_note(figures),
        empty=empty,
        facts=() if empty else _facts(figures),
        question=str(starter(figures.get("starter", 0))),
        tracks=tracks,
        named=tuple(_named_line(row, titles) for row in figures.get("named", ())),
        why=_why(figures, cadence),
        never=never_shown(),
    )


def share_words(share: Share) -> str:
    if share.percent is not None:
        return gettext("%(percent)s%%") % {"percent": share.percent}
    if share.word is None:
        return gettext("too few people")
    return {Word.FEW: gettext("a few"), Word.HALF: gettext("about half"), Word.NEARLY_ALL: gettext("nearly all")}[share.word]


def change_words(name: str, figures: dict[str, Any]) -> str:
    code = figures.get("changes", {}).get(name)
    if not code:
        return ""
    return {
        Change.MORE: gettext("more than last time"),
        Change.LESS: gettext("less than last time"),
        Change.SAME: gettext("as last time"),
    }[Change(code)]


def period_words(start: dt.date, end: dt.date, cadence: str) -> str:
    if cadence == Cadence.WEEKLY:
        return gettext("week of %(day)s") % {"day": date_format(start, "DATE_FORMAT")}
    if cadence == Cadence.QUARTERLY:
        return gettext("%(first)s to %(last)s") % {
            "first": date_format(start, "F"),
            "last": date_format(end, "YEAR_MONTH_FORMAT"),
        }
    return date_format(start, "YEAR_MONTH_FORMAT")


def _people(count: int) -> str:
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}


def about_words(figures: dict[str, Any]) -> str:
    """About whom: "Operations, 14 people"."""
    scope = figures["scope"]
    return gettext("%(group)s, %(people)s") % {"group": _group(scope), "people": _people(scope["people"])}


def _group(scope: dict[str, Any]) -> str:
    if scope["kind"] == Kind.COMPANY:
        return conf.COMPANY_NAME
    if scope["kind"] == Kind.TEAM and not scope["name"]:
        return gettext("your team")
    return str(scope["name"])


def _note(figures: dict[str, Any]) -> str:
    scope, shown = figures["scope"], figures["shown"]
    if figures.get("empty") == "nobody":
        return gettext("Nobody is in this group at the moment.")
    if figures.get("empty"):
        return gettext(
            "Figures need a group of %(least)d people, so that none of them tells about one person. This group has fewer, and no "
            "department of ten or more stands in for it."
        ) % {"least": scope["least"]}
    if shown["kind"] != scope["kind"]:
        return gettext("Your team is too small for figures of its own: these are about the department %(name)s, %(people)s.") % {
            "name": shown["name"],
            "people": _people(shown["people"]),
        }
    return ""


def _headline(applied: Share, figures: dict[str, Any], *, any_track: bool) -> str:
    moved = figures.get("changes", {}).get("applied")
    if moved == Change.MORE:
        return gettext("More is applied at work than last time.")
    if moved == Change.LESS:
        return gettext("Less was applied at work than last time.")
    if applied.word == Word.NEARLY_ALL or (applied.percent or 0) > 60:
        return gettext("Most have tried something at work lately.")
    if applied.word == Word.HALF or (applied.percent or 0) >= 40:
        return gettext("About half have tried something at work lately.")
    if not any_track:
        return gettext("No track is assigned yet.")
    return gettext("First tries at work: a good moment to ask about them.")


def _facts(figures: dict[str, Any]) -> tuple[Fact, ...]:
    people = figures["shown"]["people"]
    of_all = gettext("of %(people)s") % {"people": _people(people)}

    def fact(name: str, label: str, detail: str = "") -> Fact:
        value = Share.from_json(figures.get(name))
        details = " · ".join(part for part in (detail, change_words(name, figures)) if part)
        return Fact(label, share_words(value), details, in_words=value.percent is None)

    champions = figures.get("champions", 0)
    near = ngettext("%(count)d champion near", "%(count)d champions near", champions) % {"count": champions}
    return (
        fact(
            "applied", gettext("applied something at work in the last %(days)d days") % {"days": conf.REPORT_APPLIED_DAYS}, of_all
        ),
        fact("enrolled", gettext("are in a track"), of_all),
        fact("covered", gettext("have a champion in their job or department"), near),
    )


STATE_ORDER = ("done", "late", "on_the_way", "not_started", "in_time", "open")


def state_label(state: str) -> str:
    if state == "in_time":
        return gettext("still in time")
    if state == "open":
        return gettext("not done yet")
    return str(EnrolmentState(state).label)


def _track_line(track: dict[str, Any]) -> TrackLine:
    shares = {name: Share.from_json(value) for name, value in track["states"].items()}
    done = shares.get("done", Share())
    parts = tuple(
        Part(name, state_label(name), share_words(shares[name]), shares[name].percent) for name in STATE_ORDER if name in shares
    )
    return TrackLine(
        slug=track["slug"],
        skill=track["skill"],
        title=_in_language(track["title"]),
        value=share_words(done),
        percent=done.percent,
        parts=parts,
    )


def _named_line(row: dict[str, str], titles: dict[str, str]) -> NamedLine:
    return NamedLine(
        int(row["learner"]), row["name"], titles.get(row["track"], row["track"]), row["state"], state_label(row["state"])
    )


def _in_language(title: dict[str, str]) -> str:
    return title.get(get_language() or "") or title.get(conf.DEFAULT_LANGUAGE) or next(iter(title.values()), "")


def _why(figures: dict[str, Any], cadence: str) -> str:
    when = {
        Cadence.WEEKLY: pgettext("You get this report …", "on the first working day of the week"),
        Cadence.MONTHLY: pgettext("You get this report …", "on the first working day of the month"),
        Cadence.QUARTERLY: pgettext("You get this report …", "on the first working day of the quarter"),
    }[Cadence(cadence)]
    if figures["scope"]["kind"] == Kind.TEAM:
        said = gettext("You get this report %(when)s because you lead this team. Everybody in it can read exactly what you read.")
    else:
        said = gettext("You get this report %(when)s because HR set it up for you.")
    return said % {"when": when}


def never_shown() -> str:
    return gettext("Scores, attempts, time spent, journals and reminders are never part of it.")
