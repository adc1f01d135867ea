"""Naming and ending champions, and how people are covered."""

import datetime as dt

import pytest

from courses.problems import ProblemsFound
from lms.champions import actions
from lms.champions.queries import champion_for, coverage
from lms.enums import Source
from lms.models import AuditEntry, Champion, Department, Learner
from tests.conftest import NOW
from tests.lms.champions.conftest import Coach

TODAY = NOW.date()


def name(learner: Learner, actor, **terms: object) -> Champion:
    given = {
        "domain": learner.domain, "department": learner.department, "languages": ["fr", "en"], "consented_on": TODAY,
        "manager_agreed_on": TODAY, "starts_on": TODAY, **terms,
    }  # fmt: skip
    return actions.name_champion(learner=learner, actor=actor, source=Source.ADMIN, now=NOW, **given)


def codes(found: pytest.ExceptionInfo[ProblemsFound]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in found.value.problems]


def test_a_named_champion_serves_and_is_in_the_audit_trail(cast) -> None:
    cast.champion.delete()
    champion = name(cast.ben, cast.hana.user)
    assert (champion.learner, champion.languages, champion.capacity) == (cast.ben, ["en", "fr"], 20)
    found = champion_for(learner=cast.ada, now=NOW)
    assert found is not None
    assert found.name == "Ben Test"
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.object_id, entry.after["starts_on"], entry.after["domain"]) == (
        "name_champion", cast.hana.user, str(champion.pk), "2026-03-04", "marketing",
    )  # fmt: skip


def test_naming_again_renews_the_terms(cast) -> None:
    Champion.objects.filter(pk=cast.champion.pk).update(ends_on=TODAY)
    renewed = name(cast.chloe, cast.hana.user, capacity=5)
    assert (renewed.pk, renewed.capacity, renewed.ends_on, renewed.starts_on) == (cast.champion.pk, 5, None, TODAY)
    assert Champion.objects.count() == 1


def test_without_the_managers_agreement_nobody_is_sent_to_them(cast) -> None:
    cast.champion.delete()
    name(cast.ben, cast.hana.user, manager_agreed_on=None)
    assert champion_for(learner=cast.ada, now=NOW) is None


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({"capacity": 0}, [("invalid", "capacity")]),
        ({"capacity": 101}, [("invalid", "capacity")]),
        ({"ends_on": TODAY}, [("invalid", "")]),
        ({"languages": []}, [("languages", "languages")]),
        ({"languages": ["en", "xx"]}, [("languages", "languages")]),
        ({"hours_per_week": -1}, [("invalid", "hours_per_week")]),
        ({"consented_on": None}, [("invalid", "consented_on")]),
    ],
)
def test_terms_that_make_no_sense_are_refused(cast, terms: dict[str, object], expected: list[tuple[str, str]]) -> None:
    with pytest.raises(ProblemsFound) as found:
        name(cast.ben, cast.hana.user, **terms)
    assert codes(found) == expected
    assert (Champion.objects.count(), AuditEntry.objects.count()) == (1, 0)


def test_who_left_cannot_be_named(cast) -> None:
    cast.ben.left_on = TODAY
    with pytest.raises(ProblemsFound) as found:
        name(cast.ben, cast.hana.user)
    assert codes(found) == [("left", "learner")]


def test_nobody_ends_before_beginning(cast) -> None:
    with pytest.raises(ProblemsFound) as found:
        actions.end_champion(champion=cast.champion, on=dt.date(2026, 1, 7), actor=cast.hana.user, source=Source.ADMIN, now=NOW)
    assert codes(found) == [("invalid", "")]
    assert Champion.objects.get().ends_on is None


def test_who_leaves_the_company_is_no_champion_any_more(cast, coach: Coach) -> None:
    stays = coach(cast.ben)
    Learner.objects.filter(pk=cast.chloe.pk).update(left_on=TODAY)
    yesterday = NOW - dt.timedelta(days=1)
    assert [actions.end_for_leavers(now=moment) for moment in (yesterday, NOW, NOW)] == [0, 1, 0]
    assert dict(Champion.objects.values_list("pk", "ends_on")) == {cast.champion.pk: TODAY, stays.pk: None}


def covered(*learners: Learner) -> tuple[int, int, int, list[str]]:
    found = coverage(Learner.objects.filter(pk__in=[one.pk for one in learners]), now=NOW)
    return found.people, found.covered, found.champions, [str(domain.data["en"]) for domain in found.uncovered_domains]


def test_people_are_covered_by_domain_or_department_in_their_language(cast, catalogue, coach: Coach) -> None:
    assert covered(cast.ada, cast.ben, cast.hana, cast.otto) == (4, 2, 1, ["hr", "operations"])
    team = Department.objects.create(name="North", path="Plant/North", parent=cast.other_unit)
    Learner.objects.filter(pk=cast.otto.pk).update(department=team)
    coach(cast.omar, domain=None, department=cast.other_unit)
    assert covered(cast.ada, cast.otto, cast.hana) == (3, 2, 2, ["hr"])
    Learner.objects.filter(pk=cast.otto.pk).update(language="fr")
    assert covered(cast.ada, cast.otto, cast.hana)[:3] == (3, 1, 1)


def test_a_department_that_only_begins_alike_is_another_one(cast, coach: Coach) -> None:
    other = Department.objects.create(name="Plantation", path="Plantation")
    Learner.objects.filter(pk=cast.otto.pk).update(department=other)
    coach(cast.omar, domain=None, department=cast.other_unit)
    assert covered(cast.otto) == (1, 0, 0, ["operations"])


def test_coverage_of_nobody_is_nothing(cast) -> None:
    found = coverage(Learner.objects.none(), now=NOW)
    assert (found.people, found.covered, found.champions, found.people_per_champion, found.uncovered_domains) == (
        0,
        0,
        0,
        None,
        (),
    )


def test_people_per_champion(cast, coach: Coach) -> None:
    assert coverage(Learner.objects.filter(pk__in=[cast.ada.pk, cast.ben.pk, cast.mira.pk]), now=NOW).people_per_champion == 3
    coach(cast.ben)
    assert coverage(Learner.objects.filter(pk__in=[cast.ada.pk, cast.ben.pk, cast.mira.pk]), now=NOW).people_per_champion == 1.5


@pytest.mark.parametrize("people", [1, 3])
def test_coverage_costs_three_queries(cast, django_assert_num_queries, people: int) -> None:
    ids = [one.pk for one in (cast.otto, cast.ada, cast.hana)][:people]
    with django_assert_num_queries(3):
        coverage(Learner.objects.filter(pk__in=ids), now=NOW)
