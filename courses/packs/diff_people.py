"""What becomes of what people have done already, in words. Where nobody can count them, without numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.packs.diff import SCORING, Change, Comparison
from courses.packs.impact import ActivityReach, TrackReach


def people_in(comparison: Comparison, track: str) -> str:
    """How many are in a track, to stand behind its name."""
    if comparison.reach is None:
        return ""
    reach = comparison.reach.tracks.get(comparison.published_id("tracks", track), TrackReach())
    enrolled = ngettext("%(n)s person enrolled", "%(n)s people enrolled", reach.enrolled) % {"n": reach.enrolled}
    completed = ngettext("%(n)s has completed it", "%(n)s have completed it", reach.completed) % {"n": reach.completed}
    return f" ({enrolled}, {completed})"


def asked_again(comparison: Comparison, track: str) -> Iterator[str]:
    """What a track would require besides, and what becomes of those who have completed it without that."""
    ids = comparison.newly_required.get(track)
    if ids:
        yield _("Newly required: %(ids)s.") % {"ids": ", ".join(ids)}
    published, wanted = comparison.editions.get(track, (1, 1))
    people = None
    if comparison.reach is not None:
        people = comparison.reach.tracks.get(comparison.published_id("tracks", track), TrackReach()).asked_again
    if wanted > published:
        yield _reopened(wanted, people)
    elif ids:
        for line in _kept(people):
            yield f"  {line}"
        if people != 0:
            said = _("To ask it of them too, write edition: %(edition)s in %(file)s.")
            yield "  " + said % {"edition": published + 1, "file": f"tracks/{track}.yaml"}


def _reopened(edition: int, people: int | None) -> str:
    if people is None:
        said = _("Edition %(edition)s: who has completed the track and has something left to do in it finds it open again.")
        return said % {"edition": edition}
    if not people:
        return _("Edition %(edition)s: nobody who has completed the track has anything left to do in it.") % {"edition": edition}
    said = ngettext(
        "Edition %(edition)s: %(n)s person who has completed the track finds it open again.",
        "Edition %(edition)s: %(n)s people who have completed the track find it open again.",
        people,
    )
    return said % {"edition": edition, "n": people}


def _kept(people: int | None) -> Iterator[str]:
    if people is None:
        yield _("Who has completed the track keeps that, and finds it still to do.")
        return
    said = ngettext(
        "%(n)s person who has completed the track keeps that, and finds it still to do.",
        "%(n)s people who have completed the track keep that, and find it still to do.",
        people,
    )
    if people:
        yield said % {"n": people}


def work_done(comparison: Comparison, activity: str, own: Sequence[Change], items: Sequence[Change]) -> Iterator[str]:
    """Of an activity that is retired, or harder to pass, or graded by another key."""
    reach = None
    if comparison.reach is not None:
        reach = comparison.reach.activities.get(comparison.published_id("activities", activity), ActivityReach())
    if any(change.action == "retired" for change in own):
        yield from _retired(reach)
    if any("pass_mark" in change.differences for change in own):
        yield from _passed(reach)
    if any(SCORING & set(change.differences) for change in items):
        yield from _handed_in(reach)


def _retired(reach: ActivityReach | None) -> Iterator[str]:
    if reach is None:
        yield _("Who has done it keeps that in their history; it counts no more.")
    elif reach.done:
        said = ngettext(
            "%(n)s person has done it: it stays in their history and counts no more.",
            "%(n)s people have done it: it stays in their history and counts no more.",
            reach.done,
        )
        yield said % {"n": reach.done}


def _passed(reach: ActivityReach | None) -> Iterator[str]:
    if reach is None:
        yield _("Who has done it already has done it: that stays.")
    elif reach.done:
        said = ngettext(
            "%(n)s person has done it already: that stays.", "%(n)s people have done it already: that stays.", reach.done
        )
        yield said % {"n": reach.done}


def _handed_in(reach: ActivityReach | None) -> Iterator[str]:
    if reach is None:
        yield _("Attempts handed in keep their score; the next ones are graded by the new key.")
        return
    if reach.attempts:
        said = ngettext(
            "%(n)s attempt handed in keeps its score; the next ones are graded by the new key.",
            "%(n)s attempts handed in keep their score; the next ones are graded by the new key.",
            reach.attempts,
        )
        yield said % {"n": reach.attempts}
    if reach.under_way:
        said = ngettext(
            "%(n)s attempt under way will be graded by the new key.",
            "%(n)s attempts under way will be graded by the new key.",
            reach.under_way,
        )
        yield said % {"n": reach.under_way}
