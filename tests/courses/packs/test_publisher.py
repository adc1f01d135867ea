import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from courses.models import Activity, Domain, Item, Module, Pack, PackVersion, ReviewCard, Skill, Track
from courses.packs.publisher import Publication, publish_pack
from courses.packs.reader import read_pack
from courses.problems import ProblemsFound
from tests.courses.packs.small import FILES, edited, write

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=7)
ROWS: list[Any] = [Skill, Domain, Track, Module, Activity, Item, ReviewCard]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, FILES)


def publish(folder: Path, now: dt.datetime = NOW) -> Publication:
    return publish_pack(pack=read_pack(folder), now=now)


def everything() -> dict[str, Any]:
    """Every published row whole, by kind and id."""
    return {
        model.__name__: {row.pop("slug"): {name: str(value) for name, value in row.items()} for row in model.objects.values()}
        for model in ROWS
    }


def changes_of(publication: Publication) -> dict[str, dict[str, Any]]:
    return {kind: {name: ids for name, ids in asdict(of).items() if ids} for kind, of in publication.changes.items() if of}


def test_the_first_version(folder: Path) -> None:
    publication = publish(folder)
    assert (publication.is_new, publication.version.number) == (True, 1)
    assert changes_of(publication) == {
        "skills": {"added": ["prompting"]},
        "domains": {"added": ["marketing", "hr"]},
        "tracks": {"added": ["prompting"]},
        "modules": {"added": ["m1", "m2"]},
        "activities": {"added": ["m1-lesson", "m1-recap", "m1-mission", "m1-quiz", "m1-site", "m2-lesson"]},
        "items": {"added": ["m1-recap-marketing", "m1-recap-any", "m1-q-one", "m1-q-two"]},
        "cards": {"added": ["m1-r-one"]},
    }
    pack = Pack.objects.get()
    assert (pack.slug, pack.title.localize("fr"), pack.languages, pack.licence) == (
        "small",
        "Petit",
        ["en", "fr"],
        "BSD-3-Clause",
    )
    module = Module.objects.get(slug="m2")
    assert [required.slug for required in module.prerequisites.all()] == ["m1"]
    quiz = Activity.objects.get(slug="m1-quiz")
    assert (quiz.position, float(quiz.pass_mark), quiz.draw) == (3, 0.8, {"core": 1})
    item = Item.objects.get(slug="m1-q-one")
    assert (item.group, item.weight, item.answer_key, item.texts["fr"]["parts"]) == (
        "core",
        2,
        {"correct": ["b"]},
        {"a": "Ceci", "b": "Cela"},
    )


def test_the_same_files_again_change_nothing(folder: Path, django_assert_max_num_queries: Any) -> None:
    publish(folder)
    before = everything()
    pack = read_pack(folder)
    with django_assert_max_num_queries(7):
        again = publish_pack(pack=pack, now=LATER)
    assert (again.is_new, again.version.number, changes_of(again)) == (False, 1, {})
    assert everything() == before
    assert PackVersion.objects.count() == 1


def test_statements_do_not_grow_with_the_content(folder: Path, tmp_path: Path, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(50) as small:
        publish(folder)
    files = {
        name.replace("m1", f"x{n}"): text.replace("m1", f"x{n}")
        for n in range(12)
        for name, text in FILES.items()
        if "/m1/" in name
    }
    modules = ", ".join(f"x{n}" for n in range(12))
    track = FILES["tracks/prompting.yaml"].replace("id: prompting", "id: large").replace("m1, m2", modules)
    write(folder, {**files, "tracks/large.yaml": track})
    with django_assert_max_num_queries(len(small.captured_queries) + 2):
        publication = publish(folder)
    assert len(publication.changes["activities"].added) == 60


def test_an_update_keeps_the_rows_that_progress_hangs_on(folder: Path) -> None:
    publish(folder)
    keys = {row.slug: row.pk for model in ROWS for row in model.objects.all()}
    write(folder, edited("modules/m1/quiz.yaml", 'en: "Which?"', 'en: "Which one?"'))
    write(folder, edited("modules/m1/module.yaml", "minutes: 15", "minutes: 20"))
    write(folder, {"modules/m1/quiz.yaml": FILES["modules/m1/quiz.yaml"].replace("Which?", "Which one?")})
    publication = publish(folder, LATER)
    assert changes_of(publication) == {"activities": {"changed": ["m1-mission"]}, "items": {"changed": ["m1-q-one"]}}
    assert publication.version.number == 2
    assert publication.version.changes["items"]["changed"] == ["m1-q-one"]
    assert {row.slug: row.pk for model in ROWS for row in model.objects.all()} == keys
    assert Activity.objects.get(slug="m1-mission").minutes == 20
    assert Item.objects.get(slug="m1-q-one").texts["en"]["prompt"] == "<p>Which one?</p>"


def test_what_the_files_no_longer_have_is_retired_and_comes_back_the_same(folder: Path) -> None:
    publish(folder)
    key = Activity.objects.get(slug="m1-site").pk
    write(
        folder,
        {
            "modules/m1/module.yaml": "".join(
                line for line in FILES["modules/m1/module.yaml"].splitlines(True) if "m1-site" not in line
            )
        },
    )
    gone = publish(folder, LATER)
    assert changes_of(gone) == {"activities": {"retired": ["m1-site"]}}
    row = Activity.objects.get(pk=key)
    assert row.retired_at == LATER
    assert "m1-site" not in Activity.objects.current().values_list("slug", flat=True)
    write(folder, FILES)
    back = publish(folder, LATER + dt.timedelta(days=1))
    assert changes_of(back) == {"activities": {"revived": ["m1-site"]}}
    row.refresh_from_db()
    assert (row.pk, row.retired_at) == (key, None)
    # retired a second time, at its own moment
    write(
        folder,
        {
            "modules/m1/module.yaml": "".join(
                line for line in FILES["modules/m1/module.yaml"].splitlines(True) if "m1-site" not in line
            )
        },
    )
    assert changes_of(publish(folder, LATER + dt.timedelta(days=2))) == {"activities": {"retired": ["m1-site"]}}


def test_a_module_that_goes_takes_its_activities_along(folder: Path) -> None:
    publish(folder)
    write(folder, {"tracks/prompting.yaml": FILES["tracks/prompting.yaml"].replace("[m1, m2]", "[m1]")})
    for path in (folder / "modules/m2").iterdir():
        path.unlink()
    publication = publish(folder, LATER)
    assert changes_of(publication) == {"modules": {"retired": ["m2"]}, "activities": {"retired": ["m2-lesson"]}}


def test_a_renamed_id_keeps_its_row(folder: Path) -> None:
    publish(folder)
    key = Activity.objects.get(slug="m2-lesson").pk
    write(folder, edited("modules/m2/module.yaml", "{id: m2-lesson,", "{id: m2-reading, was: m2-lesson,"))
    publication = publish(folder, LATER)
    assert changes_of(publication) == {"activities": {"renamed": {"m2-lesson": "m2-reading"}}}
    assert Activity.objects.get(slug="m2-reading").pk == key
    # "was" may stay in the file: it means nothing any more
    write(folder, {"modules/m2/text.en.md": "Another text.\n"})
    assert changes_of(publish(folder, LATER)) == {"activities": {"changed": ["m2-reading"]}}
    assert not Activity.objects.filter(slug="m2-lesson").exists()


def test_a_new_name_that_was_given_to_something_else_is_refused(folder: Path) -> None:
    publish(folder)
    write(folder, edited("modules/m2/module.yaml", "{id: m2-lesson,", "{id: m2-other,"))
    publish(folder, LATER)
    before = everything()
    # m2-lesson is retired by now; m2-other cannot become it, for it has a row of its own
    write(folder, edited("modules/m2/module.yaml", "{id: m2-lesson,", "{id: m2-lesson, was: m2-other,"))
    with pytest.raises(ProblemsFound) as found:
        publish(folder, LATER)
    assert [problem.code for problem in found.value.problems] == ["id-taken"]
    assert everything() == before


def test_prerequisites_follow(folder: Path) -> None:
    publish(folder)
    write(folder, edited("modules/m2/module.yaml", "prerequisites: [m1]", "prerequisites: []"))
    publish(folder, LATER)
    assert not Module.objects.get(slug="m2").prerequisites.exists()


def test_another_pack_cannot_take_an_id_and_shares_skills_and_domains(folder: Path, tmp_path: Path) -> None:
    publish(folder)
    other = dict(FILES)
    other["pack.yaml"] = other["pack.yaml"].replace("id: small", "id: other")
    other["skills.yaml"] = other["skills.yaml"].replace("Say it.", "Something else.")
    with pytest.raises(ProblemsFound) as found:
        publish(write(tmp_path / "other", other))
    assert {problem.code for problem in found.value.problems} == {"id-of-another-pack"}
    assert Pack.objects.count() == 1

    renamed = {
        name.replace("m1", "n1").replace("m2", "n2").replace("tracks/prompting", "tracks/asking"): text
        for name, text in other.items()
    }
    renamed = {name: text.replace("m1", "n1").replace("m2", "n2") for name, text in renamed.items()}
    renamed["tracks/asking.yaml"] = renamed["tracks/asking.yaml"].replace("id: prompting", "id: asking")
    publication = publish(write(tmp_path / "third", renamed))
    assert publication.version.number == 1
    assert changes_of(publication)["tracks"] == {"added": ["asking"]}
    assert "skills" not in changes_of(publication)
    assert Skill.objects.get().description.localize("en") == "Say it."
    # and neither of the two retires what is the other's
    write(folder, edited("modules/m2/module.yaml", "level: 2", "level: 3"))
    assert changes_of(publish(folder, LATER)) == {"modules": {"changed": ["m2"]}}
    assert Track.objects.current().count() == 2


def test_the_version_says_who_and_when(folder: Path) -> None:
    hana = get_user_model().objects.create_user("hana@verdane.example")
    version = publish_pack(pack=read_pack(folder), now=NOW, by=hana).version
    assert (version.published_by, version.published_at) == (hana, NOW)
    assert version.digest == read_pack(folder).digest


def test_what_another_pack_names_is_not_retired_and_what_is_retired_comes_back_for_it(folder: Path, tmp_path: Path) -> None:
    def other(skill: str) -> Path:
        own = {name: text.replace("m1", "n1").replace("m2", "n2") for name, text in FILES.items()}
        own["pack.yaml"] = own["pack.yaml"].replace("id: small", "id: other")
        own["tracks/prompting.yaml"] = own["tracks/prompting.yaml"].replace("id: prompting", "id: asking")
        own = {
            name.replace("m1", "n1").replace("m2", "n2").replace("tracks/prompting", "tracks/asking"): own[name] for name in own
        }
        own["skills.yaml"] = own["skills.yaml"].replace("id: prompting", f"id: {skill}")
        own["tracks/asking.yaml"] = own["tracks/asking.yaml"].replace("skill: prompting", f"skill: {skill}")
        return write(tmp_path / "other", own)

    publish(folder)
    publish(other("prompting"))
    moved = edited("skills.yaml", "id: prompting", "id: wording")
    moved["tracks/prompting.yaml"] = moved["tracks/prompting.yaml"].replace("skill: prompting", "skill: wording")
    assert changes_of(publish(write(folder, moved), LATER))["skills"] == {"added": ["wording"]}
    assert set(Skill.objects.current().values_list("slug", flat=True)) == {"prompting", "wording"}
    # nobody names it any more, and the pack that brought it publishes again
    publish(other("asking"), LATER)
    again = publish(write(folder, {**moved, "modules/m2/text.en.md": "Another text.\n"}), LATER)
    assert changes_of(again)["skills"] == {"retired": ["prompting"]}
    assert changes_of(publish(other("prompting"), LATER))["skills"] == {"revived": ["prompting"], "retired": ["asking"]}
    assert set(Skill.objects.current().values_list("slug", flat=True)) == {"prompting", "wording"}
