"""Since when an activity is required, and which tracks a publication opens again for those who had finished."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from courses.models import Activity, PackVersion, Track
from courses.packs import impact
from courses.packs.diff import compare_pack
from courses.packs.diff_words import say_comparison
from courses.packs.publisher import publish_pack
from courses.packs.reader import read_pack
from courses.problems import ProblemsFound
from tests.courses.packs.small import FILES, write

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=30)
LAST = NOW + dt.timedelta(days=60)
MODULE, TRACK = "modules/m1/module.yaml", "tracks/prompting.yaml"
SITE = '  - {id: m1-site, kind: external, title: {en: "See", fr: "Voir"}, minutes: 5, url: "https://example.com/a", required: false}\n'
MORE = '  - {id: m1-more, kind: lesson, title: {en: "More", fr: "Plus"}, minutes: 3, file: more}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written = write(tmp_path, FILES)
    publish_pack(pack=read_pack(written), now=NOW)
    return written


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def publish(folder: Path, now: dt.datetime) -> None:
    assert publish_pack(pack=read_pack(folder), now=now).is_new


def since() -> dict[str, dt.datetime]:
    return dict(Activity.objects.exclude(required_since=None).values_list("slug", "required_since"))


def raise_edition(folder: Path, edition: int, published: int = 0) -> None:
    if published:
        edit(folder, TRACK, f"edition: {published}\n", f"edition: {edition}\n")
    else:
        edit(folder, TRACK, "modules:", f"edition: {edition}\nmodules:")


def test_what_was_there_from_the_beginning_has_no_date(folder: Path) -> None:
    assert since() == {}
    assert Track.objects.values_list("edition", "reopened_at").get() == (1, None)


def test_a_first_publication_may_have_any_edition_and_reopens_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, FILES)
    raise_edition(folder, 3)
    publish(folder, NOW)
    assert Track.objects.values_list("edition", "reopened_at").get() == (3, None)
    assert since() == {}


def test_new_and_newly_required_activities_have_the_moment_of_their_publication(folder: Path) -> None:
    edit(folder, MODULE, SITE, SITE.replace(", required: false", "") + MORE)
    write(folder, {"modules/m1/more.en.md": "More.\n", "modules/m1/more.fr.md": "Plus.\n"})
    publish(folder, LATER)
    assert since() == {"m1-site": LATER, "m1-more": LATER}
    # Renamed in place, or merely another text: required since then all the same.
    edit(folder, MODULE, "id: m1-more,", "id: m1-extra, was: m1-more,")
    edit(folder, MODULE, "Begin.", "Begin here.")
    publish(folder, LAST)
    assert since() == {"m1-site": LATER, "m1-extra": LATER}
    assert Track.objects.get().reopened_at is None


def test_what_was_optional_for_a_while_is_required_anew(folder: Path) -> None:
    edit(folder, MODULE, "minutes: 5, file: lesson}", "minutes: 5, file: lesson, required: false}")
    publish(folder, LATER)
    assert since() == {}
    edit(folder, MODULE, "minutes: 5, file: lesson, required: false}", "minutes: 5, file: lesson}")
    publish(folder, LAST)
    assert since() == {"m1-lesson": LAST}


def test_what_comes_back_is_required_anew_unless_its_whole_track_does(folder: Path) -> None:
    text = (folder / MODULE).read_text(encoding="utf-8")
    edit(folder, MODULE, SITE, "")
    edit(folder, MODULE, next(line for line in text.splitlines(keepends=True) if "m1-mission" in line), "")
    (folder / "modules/m1/mission.yaml").unlink()
    publish(folder, LATER)
    write(folder, {MODULE: text, "modules/m1/mission.yaml": FILES["modules/m1/mission.yaml"]})
    publish(folder, LAST)
    assert since() == {"m1-mission": LAST}


def test_a_track_that_comes_back_asks_nothing_anew(folder: Path) -> None:
    Track.objects.update(retired_at=LATER)
    Activity.objects.update(retired_at=LATER)
    edit(folder, MODULE, "Begin.", "Begin here.")
    publish(folder, LAST)
    assert Track.objects.get().retired_at is None
    assert since() == {}


def test_a_module_that_moves_to_another_track_is_required_there_from_now_on(folder: Path) -> None:
    other = FILES[TRACK].replace("id: prompting", "id: second").replace("[m1, m2]", "[m3]")
    module = FILES["modules/m2/module.yaml"].replace("m2", "m3")
    texts = {f"modules/m3/text.{code}.md": FILES[f"modules/m2/text.{code}.md"] for code in ("en", "fr")}
    write(folder, {"tracks/second.yaml": other, "modules/m3/module.yaml": module, **texts})
    publish(folder, LATER)
    assert since() == {}
    edit(folder, TRACK, "[m1, m2]", "[m1]")
    edit(folder, "tracks/second.yaml", "[m3]", "[m3, m2]")
    publish(folder, LAST)
    assert since() == {"m2-lesson": LAST}


def test_a_raised_edition_reopens_its_track_and_staying_there_does_not(folder: Path) -> None:
    raise_edition(folder, 2)
    publish(folder, LATER)
    assert Track.objects.values_list("edition", "reopened_at").get() == (2, LATER)
    assert since() == {}
    edit(folder, MODULE, "Begin.", "Begin here.")
    publish(folder, LAST)
    assert Track.objects.values_list("edition", "reopened_at").get() == (2, LATER)


def test_a_renamed_track_keeps_its_edition(folder: Path) -> None:
    raise_edition(folder, 2)
    publish(folder, LATER)
    text = (folder / TRACK).read_text(encoding="utf-8")
    (folder / TRACK).unlink()
    write(folder, {"tracks/asking.yaml": text.replace("id: prompting", "id: asking\nwas: prompting")})
    publish(folder, LAST)
    assert Track.objects.values_list("slug", "edition", "reopened_at").get() == ("asking", 2, LATER)


def test_an_edition_does_not_go_down(folder: Path) -> None:
    raise_edition(folder, 3)
    publish(folder, LATER)
    raise_edition(folder, 2, published=3)
    with pytest.raises(ProblemsFound) as found:
        publish_pack(pack=read_pack(folder), now=LAST)
    assert [str(problem) for problem in found.value.problems] == [
        "tracks/prompting.yaml: Edition 2 is lower than the published one, 3. Write edition: 3, or a higher one."
    ]
    assert [problem.code for problem in found.value.problems] == ["edition-lower"]
    with translation.override("fr"):
        assert str(found.value.problems[0].message) == "L’édition 2 est inférieure à celle qui est publiée, 3."
    assert PackVersion.objects.count() == 2
    assert Track.objects.get().edition == 3


@pytest.mark.parametrize("edition", ["0", "10000", '"2"', "1.5"])
def test_an_edition_is_a_small_whole_number(tmp_path: Path, edition: str) -> None:
    folder = write(tmp_path, FILES)
    edit(folder, TRACK, "modules:", f"edition: {edition}\nmodules:")
    with pytest.raises(ProblemsFound) as found:
        read_pack(folder)
    assert "tracks/prompting.yaml:5:10" in [problem.where for problem in found.value.problems]


def test_it_writes_nothing_where_nothing_is_asked_anew(folder: Path) -> None:
    def updates() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            publish_pack(pack=read_pack(folder), now=LATER)
        return [one["sql"] for one in captured if "required_since" in one["sql"] and one["sql"].startswith("UPDATE")]

    assert updates() == []
    edit(folder, MODULE, "Begin.", "Begin here.")
    assert updates() == []
    edit(folder, MODULE, ", required: false", "")
    assert len(updates()) == 1


def test_the_diff_says_what_raising_would_do_where_nobody_counts_people(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impact, "impact_providers", [])
    edit(folder, MODULE, ", required: false", "")

    def said() -> list[str]:
        pack = read_pack(folder)
        return list(say_comparison(compare_pack(pack=pack, now=LATER), pack))[3:-2]

    assert said() == [
        "  Newly required: m1-site.",
        "    Who has completed the track keeps that, and finds it still to do.",
        "    To ask it of them too, write edition: 2 in tracks/prompting.yaml.",
    ]
    with translation.override("fr"):
        assert said()[1:] == [
            "    Qui a terminé le parcours le garde terminé, et le trouve encore à faire.",
            "    Pour le leur demander aussi, écrivez edition: 2 dans tracks/prompting.yaml.",
        ]
    raise_edition(folder, 2)
    assert said() == [
        "  ~ track prompting: edition 1 → 2",
        "  Newly required: m1-site.",
        "  Edition 2: who has completed the track and has something left to do in it finds it open again.",
    ]
    assert Track.objects.get().edition == 1
