import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from courses.models import (
    Activity,
    Document,
    Fact,
    Item,
    LearningPath,
    Pack,
    PackVersion,
    Portrait,
    Role,
    RoleLevel,
    Sector,
    Term,
    TrainingOffer,
    UseCase,
)
from courses.packs.publisher import KINDS, Publication, publish_pack
from courses.packs.reader import read_pack
from courses.problems import ProblemsFound
from tests.courses.packs.full import CATALOGUE, FULL, changed
from tests.courses.packs.small import FILES, write

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=7)
ROWS: list[Any] = [Sector, Document, Role, TrainingOffer, UseCase, Term, Fact, Portrait, LearningPath]
ROLE = "roles/prompt-engineer.yaml"
CASES = "use-cases/office.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, FULL)


def publish(folder: Path, now: dt.datetime = NOW) -> Publication:
    return publish_pack(pack=read_pack(folder), now=now)


def everything() -> dict[str, Any]:
    """Every row whole, with what it is joined with."""
    found = {model.__name__: {row.pop("slug"): str(row) for row in model.objects.values()} for model in ROWS}
    for link in (Role.sectors, UseCase.sectors, TrainingOffer.skills):
        found[link.through.__name__] = {row["id"]: str(row) for row in link.through.objects.values()}
    found["RoleLevel"] = {row["id"]: str(row) for row in RoleLevel.objects.values()}
    return found


def changes_of(publication: Publication) -> dict[str, dict[str, Any]]:
    return {kind: {name: ids for name, ids in asdict(of).items() if ids} for kind, of in publication.changes.items() if of}


def test_the_first_version_has_every_kind(folder: Path) -> None:
    publication = publish(folder)
    assert set(publication.changes) == set(KINDS)
    added = {kind: of["added"] for kind, of in changes_of(publication).items()}
    assert {kind: added[kind] for kind in list(KINDS)[7:]} == {
        "sectors": ["industry", "banking"],
        "documents": ["policy"],
        "roles": ["prompt-engineer", "trainer"],
        "offers": ["short-course"],
        "use_cases": ["minutes", "replies"],
        "terms": ["anchor", "text"],
        "facts": ["error-rate"],
        "portraits": ["nadia"],
        "paths": ["first-weeks"],
    }
    assert publication.version.changes["portraits"]["added"] == ["nadia"]
    pack = Pack.objects.get()
    assert {row.pack for model in ROWS for row in model.objects.all()} == {pack}


def test_rows_say_what_the_files_say(folder: Path) -> None:
    publish(folder)
    role = Role.objects.get(slug="prompt-engineer")
    assert (role.position, role.family, role.technicality, role.leads_to) == (0, "business", "light", ["trainer"])
    assert role.summary.localize("fr") == "<p>Écrit des <em>demandes</em>.</p>"
    assert [(level.skill.slug, level.level) for level in role.levels.select_related("skill")] == [("prompting", 3)]
    assert [sector.slug for sector in role.sectors.all()] == ["banking"]
    assert (role.pay[0]["low"], role.pay[0]["high"], role.as_of) == (38000, None, dt.date(2026, 1, 15))
    trainer = Role.objects.get(slug="trainer")
    assert (bool(trainer.education), trainer.levels.count(), trainer.sectors.count()) == (False, 0, 0)
    case = UseCase.objects.get(slug="minutes")
    assert (case.domain.slug, case.value, case.risk, case.modules) == ("hr", 2, 1, ["m1"])
    assert {sector.slug for sector in case.sectors.all()} == {"industry", "banking"}
    offer = TrainingOffer.objects.get()
    assert (offer.kind, offer.country, offer.funding, offer.technicality) == ("course", "FR", ["cpf", "own"], "none")
    assert ([skill.slug for skill in offer.skills.all()], offer.review_after) == (["prompting"], dt.date(2026, 8, 1))
    portrait = Portrait.objects.get()
    assert (portrait.role.slug, portrait.domain.slug, portrait.modules) == ("prompt-engineer", "hr", ["m1", "m2"])
    assert portrait.steps["fr"] == [{"when": "Mois 1", "what": "Essayé."}]
    term = Term.objects.get(slug="anchor")
    assert (term.forms["fr"], term.see, term.skill.slug) == (["ancrage", "ancrages"], ["text"], "prompting")
    assert Fact.objects.get().statement.localize("en") == "<p><strong>One</strong> in ten.</p>"
    assert Document.objects.get().html.localize("fr").startswith("<h2>Règles</h2>\n<table>")
    path = LearningPath.objects.get()
    assert (path.domain.slug, [step["modules"] for step in path.steps]) == ("marketing", [["m1"], ["m2"]])
    assert Sector.objects.get(slug="banking").caution.localize("fr") == "Demandez au juridique."
    assert not Sector.objects.get(slug="industry").caution


def test_activities_and_items_name_their_documents(folder: Path) -> None:
    publish(folder)
    assert Activity.objects.get(slug="m1-mission").documents == ["policy"]
    shown = dict(Item.objects.values_list("slug", "documents"))
    assert shown == {"m1-recap-marketing": ["policy"], "m1-recap-any": [], "m1-q-one": ["policy"], "m1-q-two": []}


def test_the_same_files_again_change_nothing(folder: Path) -> None:
    publish(folder)
    before = everything()
    again = publish(folder, LATER)
    assert (again.is_new, changes_of(again)) == (False, {})
    assert everything() == before
    # nor does a version of which only another file has changed
    write(folder, {"modules/m2/text.en.md": "Another piece.\n"})
    assert changes_of(publish(folder, LATER)) == {"activities": {"changed": ["m2-lesson"]}}
    assert everything() == before
    assert PackVersion.objects.count() == 2


def test_what_goes_is_retired_and_comes_back_the_same(folder: Path) -> None:
    publish(folder)
    before = everything()
    for name in CATALOGUE:
        (folder / name).unlink()
    write(folder, FILES)
    gone = publish(folder, LATER)
    assert changes_of(gone)["roles"] == {"retired": ["prompt-engineer", "trainer"]}
    for model in ROWS:
        assert set(model.objects.values_list("retired_at", flat=True)) == {LATER}, model
    assert Role.objects.get(slug="prompt-engineer").levels.count() == 1  # as it was
    write(folder, FULL)
    back = publish(folder, LATER + dt.timedelta(days=1))
    assert changes_of(back)["roles"] == {"revived": ["prompt-engineer", "trainer"]}
    assert everything() == before


def test_a_renamed_id_keeps_its_row(folder: Path) -> None:
    publish(folder)
    key = UseCase.objects.get(slug="minutes").pk
    write(folder, changed(CASES, "id: minutes", "id: meeting-minutes\n  was: minutes"))
    assert changes_of(publish(folder, LATER)) == {"use_cases": {"renamed": {"minutes": "meeting-minutes"}}}
    row = UseCase.objects.get(slug="meeting-minutes")
    assert (row.pk, row.sectors.count()) == (key, 2)


def test_a_renamed_role_takes_its_file_along(folder: Path) -> None:
    publish(folder)
    key = Role.objects.get(slug="trainer").pk
    (folder / "roles/trainer.yaml").unlink()
    write(
        folder,
        {
            "roles/guide.yaml": FULL["roles/trainer.yaml"].replace("id: trainer", "id: guide\nwas: trainer"),
            ROLE: FULL[ROLE].replace("leads_to: [trainer]", "leads_to: [guide]"),
        },
    )
    publication = publish(folder, LATER)
    assert changes_of(publication) == {"roles": {"changed": ["guide", "prompt-engineer"], "renamed": {"trainer": "guide"}}}
    # "guide" stands before "prompt-engineer" now, and both have changed with it
    assert list(Role.objects.values_list("slug", "position")) == [("guide", 0), ("prompt-engineer", 1)]
    assert Role.objects.get(slug="guide").pk == key


@pytest.mark.parametrize(
    ("old", "new", "levels", "sectors"),
    [
        ("levels: {prompting: 3}", "levels: {prompting: 4}", [("prompting", 4)], ["banking"]),
        ("levels: {prompting: 3}", "levels: {}", [], ["banking"]),
        ("sectors: [banking]", "sectors: [industry]", [("prompting", 3)], ["industry"]),
        ("sectors: [banking]", "sectors: [industry, banking, banking]", [("prompting", 3)], ["industry", "banking"]),
        ("sectors: [banking]", "sectors: []", [("prompting", 3)], []),
    ],
)
def test_levels_and_sectors_follow_and_count_as_a_change(
    folder: Path, old: str, new: str, levels: list[tuple[str, int]], sectors: list[str]
) -> None:
    publish(folder)
    write(folder, changed(ROLE, old, new))
    assert changes_of(publish(folder, LATER)) == {"roles": {"changed": ["prompt-engineer"]}}
    role = Role.objects.get(slug="prompt-engineer")
    assert list(role.levels.values_list("skill__slug", "level")) == levels
    assert [sector.slug for sector in role.sectors.all()] == sectors
    assert UseCase.objects.get(slug="minutes").sectors.count() == 2


def test_a_text_that_is_taken_away_is_gone(folder: Path) -> None:
    publish(folder)
    write(folder, changed(CASES, '  caution: {en: "Tell people.", fr: "Prévenez."}\n', ""))
    assert changes_of(publish(folder, LATER)) == {"use_cases": {"changed": ["minutes"]}}
    assert not UseCase.objects.get(slug="minutes").caution


def test_another_pack_cannot_take_an_id(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    publish(folder)
    before = everything()
    other = {name: text.replace("m1", "n1").replace("m2", "n2") for name, text in FULL.items()}
    other = {name.replace("/m1/", "/n1/").replace("/m2/", "/n2/"): text for name, text in other.items()}
    other["pack.yaml"] = other["pack.yaml"].replace("id: small", "id: other")
    other["tracks/asking.yaml"] = other.pop("tracks/prompting.yaml").replace("id: prompting", "id: asking")
    with pytest.raises(ProblemsFound) as found:
        publish(write(tmp_path_factory.mktemp("other"), other))
    assert [(problem.code, problem.where) for problem in found.value.problems] == [
        ("id-of-another-pack", "industry"),
        ("id-of-another-pack", "banking"),
    ]
    assert (everything(), Pack.objects.count()) == (before, 1)


def test_statements_do_not_grow_with_the_catalogue(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(80) as first:
        publish(folder)
    statements = len(first.captured_queries)
    many = dict(FULL)
    for n in range(12):
        many[f"roles/role-{n}.yaml"] = FULL[ROLE].replace("id: prompt-engineer", f"id: role-{n}")
        many[f"offers/offer-{n}.yaml"] = FULL["offers/short-course.yaml"].replace("id: short-course", f"id: offer-{n}")
        many[f"portraits/person-{n}.yaml"] = FULL["portraits/nadia.yaml"].replace("id: nadia", f"id: person-{n}")
        many[f"use-cases/more-{n}.yaml"] = (
            FULL[CASES].replace("id: minutes", f"id: minutes-{n}").replace("id: replies", f"id: replies-{n}")
        )
    write(folder, many)
    with django_assert_max_num_queries(statements):
        publication = publish(folder, LATER)
    assert len(publication.changes["roles"].added) == 12
    assert len(publication.changes["use_cases"].added) == 24
    assert RoleLevel.objects.count() == 13
