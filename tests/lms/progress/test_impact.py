"""How many people a publication would touch, counted on the published rows before anything is written."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from courses.models import Activity, Track
from courses.packs.impact import ActivityReach, Reach, Touched, TrackReach, impact_providers
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from lms.models import Attempt, Completion, Enrolment, Learner
from lms.progress.impact import count_people
from tests.courses.packs.small import FILES, write

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written = write(tmp_path, FILES)
    publish_pack(pack=read_pack(written), now=NOW)
    return written


@pytest.fixture
def people(folder: Path, make_learner) -> None:
    """Five enrolled; three have completed the track, of whom one has done the page elsewhere too; one enrolment is archived."""
    track = Track.objects.get(slug="prompting")
    activities = {activity.slug: activity for activity in Activity.objects.all()}
    learners: list[Learner] = [make_learner() for _ in range(5)]
    for place, learner in enumerate(learners):
        finished = NOW if place < 3 else None
        archived = NOW if place == 4 else None
        Enrolment.objects.create(
            learner=learner, track=track, enrolled_at=NOW, starts_on=NOW.date(), completed_at=finished, archived_at=archived
        )
        done = ["m1-quiz"] if place < 2 else []
        for slug in [*done, *(["m1-site"] if place == 0 else [])]:
            Completion.objects.create(learner=learner, activity=activities[slug], opened_at=NOW, completed_at=NOW)
        handed_in = place < 3
        Attempt.objects.create(
            learner=learner,
            activity=activities["m1-quiz"],
            number=1,
            language="en",
            started_at=NOW,
            submitted_at=NOW if handed_in else None,
            score=0.9 if handed_in else None,
        )


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def diff(folder: Path) -> list[str]:
    out = StringIO()
    call_command("publish_content", str(folder), "--diff", stdout=out)
    return out.getvalue().splitlines()[4:]


def test_the_catalogue_asks_us() -> None:
    assert impact_providers == [count_people]


def test_counts_in_four_queries(people: None, django_assert_num_queries) -> None:
    touched = Touched(
        now=NOW,
        tracks=frozenset({"prompting"}),
        activities=frozenset({"m1-quiz", "m1-site", "m1-lesson"}),
        required=frozenset({"m1-site"}),
    )
    with django_assert_num_queries(4):
        reach = count_people(touched)
    assert reach == Reach(
        tracks={"prompting": TrackReach(enrolled=4, completed=3, asked_again=2)},
        activities={
            "m1-quiz": ActivityReach(done=2, attempts=3, under_way=2),
            "m1-site": ActivityReach(done=1),
            "m1-lesson": ActivityReach(),
        },
    )


def test_nobody_has_done_what_is_not_there_yet(people: None) -> None:
    reach = count_people(Touched(now=NOW, tracks=frozenset({"prompting"}), renewed=frozenset({"prompting"})))
    assert reach.tracks == {"prompting": TrackReach(enrolled=4, completed=3, asked_again=3)}


def test_what_becomes_required_is_told_with_those_who_had_finished(folder: Path, people: None) -> None:
    edit(folder, "modules/m1/module.yaml", ", required: false", "")
    edit(folder, "modules/m1/module.yaml", "pass_mark: 0.8", "pass_mark: 0.9")
    edit(folder, "modules/m1/quiz.yaml", "correct: [b]", "correct: [a]")
    assert diff(folder) == [
        "Track prompting “Prompting” (4 people enrolled, 3 have completed it)",
        "  Newly required: m1-site.",
        "    2 people who have completed the track keep that, and find it still to do.",
        "    To ask it of them too, write edition: 2 in tracks/prompting.yaml.",
        "  Module m1 “First”",
        "    ~ activity m1-quiz: pass mark 0.80 → 0.90",
        "    ~ item m1-q-one: key",
        "        2 people have done it already: that stays.",
        "        3 attempts handed in keep their score; the next ones are graded by the new key.",
        "        2 attempts under way will be graded by the new key.",
        "    ~ activity m1-site: required no → yes",
    ]
    assert Enrolment.objects.filter(completed_at__isnull=False).count() == 3


def test_raising_the_edition_is_told_with_those_who_would_have_something_to_do_again(folder: Path, people: None) -> None:
    edit(folder, "modules/m1/module.yaml", ", required: false", "")
    edit(folder, "tracks/prompting.yaml", "modules:", "edition: 2\nmodules:")
    # Nobody has done the rest of the track either, so all three who have completed it are asked, and the first is not done with it.
    assert diff(folder) == [
        "Track prompting “Prompting” (4 people enrolled, 3 have completed it)",
        "  ~ track prompting: edition 1 → 2",
        "  Newly required: m1-site.",
        "  Edition 2: 3 people who have completed the track find it open again.",
        "  Module m1 “First”",
        "    ~ activity m1-site: required no → yes",
    ]
    with translation.override("fr"):
        assert diff(folder)[1:4] == [
            "  ~ parcours prompting : édition 1 → 2",
            "  Désormais obligatoire : m1-site.",
            "  Édition 2 : 3 personnes qui ont terminé le parcours le retrouvent ouvert.",
        ]


def test_who_has_left_is_not_counted(folder: Path, people: None) -> None:
    Learner.objects.filter(enrolments__completed_at__isnull=False).update(left_on=dt.date(2026, 1, 1))
    edit(folder, "modules/m1/module.yaml", ", required: false", "")
    assert diff(folder)[:2] == [
        "Track prompting “Prompting” (1 person enrolled, 0 have completed it)",
        "  Newly required: m1-site.",
    ]
    edit(folder, "tracks/prompting.yaml", "modules:", "edition: 2\nmodules:")
    assert diff(folder)[3] == "  Edition 2: nobody who has completed the track has anything left to do in it."


def test_a_renamed_activity_takes_its_people_along(folder: Path, people: None) -> None:
    edit(folder, "modules/m1/module.yaml", "id: m1-quiz", "id: m1-test, was: m1-quiz")
    edit(folder, "modules/m1/module.yaml", "pass_mark: 0.8", "pass_mark: 0.9")
    assert diff(folder)[2:] == [
        "    > activity m1-quiz is called m1-test: progress follows; pass mark 0.80 → 0.90",
        "        2 people have done it already: that stays.",
    ]


def test_what_is_retired_stays_with_those_who_did_it(folder: Path, people: None) -> None:
    text = (folder / "modules/m1/module.yaml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if "m1-site" not in line]
    (folder / "modules/m1/module.yaml").write_text("".join(kept), encoding="utf-8")
    assert diff(folder)[2:] == [
        "    - activity m1-site",
        "        1 person has done it: it stays in their history and counts no more.",
    ]
