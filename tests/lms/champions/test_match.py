"""Who fits whom: the rule, and the same rule said in SQL."""

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.champions.queries import candidate_for, champion_for, champions_for
from lms.champions.rules import Asker, Candidate, best, match_score, score_for
from lms.models import Champion, HelpRequest, Learner, Site
from tests.conftest import NOW
from tests.lms.champions.conftest import Coach

TODAY = NOW.date()
DAY = dt.timedelta(days=1)


def test_the_score_is_three_two_one_less_twice_the_load() -> None:
    def score(domain: bool, language: bool, site: bool, load: int) -> float:
        return match_score(same_domain=domain, same_language=language, same_site=site, open_requests=load, capacity=20)

    assert [score(True, True, True, 0), score(True, False, False, 0), score(False, True, True, 10), score(False, False, False, 20)] == [
        6, 3, 2, -2,
    ]  # fmt: skip


ASKER = Asker(learner_id=1, domain_id=1, language="fr", site_id=1)


def candidate(pk: int = 1, **changes: object) -> Candidate:
    given = {
        "champion_id": pk, "learner_id": 100 + pk, "domain_id": 1, "languages": frozenset({"fr"}), "site_id": 1,
        "open_requests": 0, "capacity": 20, **changes,
    }  # fmt: skip
    return Candidate(**given)  # type: ignore[arg-type]


def test_nobody_is_their_own_champion_and_nobody_is_asked_beyond_their_capacity() -> None:
    assert score_for(ASKER, candidate(learner_id=1)) is None
    assert score_for(ASKER, candidate(open_requests=20)) is None
    assert score_for(ASKER, candidate(open_requests=19)) == 6 - 2 * 19 / 20


def test_the_domain_or_the_language_has_to_be_shared() -> None:
    assert score_for(ASKER, candidate(domain_id=2, languages=frozenset({"en"}))) is None
    assert score_for(ASKER, candidate(domain_id=None, languages=frozenset())) is None
    assert score_for(Asker(1, None, "fr", None), candidate(domain_id=None, site_id=None)) == 2
    assert score_for(ASKER, candidate(languages=frozenset({"en"}))) == 4


def test_between_equals_the_one_asked_longest_ago_or_never() -> None:
    early, late, never = candidate(1, last_asked_at=NOW - DAY), candidate(2, last_asked_at=NOW), candidate(3)
    assert best(ASKER, [late, early, never]) == never
    assert best(ASKER, [late, early]) == early
    assert best(ASKER, []) is None


def test_today_shows_the_one_who_fits(cast, catalogue) -> None:
    card = champion_for(learner=cast.ada, now=NOW)
    assert card is not None
    assert (card.champion_id, card.name, card.initials, card.department, card.languages, card.answer_days) == (
        cast.champion.pk, "Chloé Test", "CT", "Sales", ("en", "fr"), 2,
    )  # fmt: skip
    assert champion_for(learner=cast.chloe, now=NOW) is None, "nobody else serves"


@pytest.mark.parametrize(
    "terms",
    [
        {"manager_agreed_on": None},
        {"starts_on": TODAY + DAY},
        {"ends_on": TODAY},
        {"capacity": 0},
        {"domain": None, "languages": ["de"]},
    ],
)
def test_who_does_not_serve_is_not_shown(cast, terms: dict[str, object]) -> None:
    Champion.objects.filter(pk=cast.champion.pk).update(**terms)
    assert champion_for(learner=cast.ada, now=NOW) is None


def test_who_left_is_not_shown(cast) -> None:
    Learner.objects.filter(pk=cast.chloe.pk).update(left_on=TODAY)
    assert champion_for(learner=cast.ada, now=NOW) is None


def test_a_language_is_not_found_inside_another_word(cast) -> None:
    Champion.objects.filter(pk=cast.champion.pk).update(domain=None, languages=["eng"])
    assert champion_for(learner=cast.ada, now=NOW) is None


@pytest.mark.parametrize("champions", [1, 3])
def test_one_query_however_many_champions(cast, coach: Coach, django_assert_num_queries, champions: int) -> None:
    for learner in (cast.ben, cast.hana)[: champions - 1]:
        coach(learner)
    with django_assert_num_queries(1):
        champion_for(learner=cast.ada, now=NOW)


def ask(champion: Champion, learner: Learner, count: int, **moments: object) -> None:
    HelpRequest.objects.bulk_create(
        HelpRequest(
            learner=learner, champion=champion, question="?", asked_at=NOW, answer_due_on=TODAY, token=uuid.uuid4(), **moments
        )
        for _number in range(count)
    )


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_sql_chooses_as_the_rule_does(cast, catalogue, make_learner, data: st.DataObject) -> None:
    Champion.objects.exclude(pk=cast.champion.pk).delete()
    HelpRequest.objects.all().delete()
    sites = [None, cast.site, Site.objects.get_or_create(name="Namur")[0]]
    domains = [None, catalogue.domains["marketing"], catalogue.domains["hr"]]
    people = [cast.chloe, cast.ben, cast.hana, cast.omar, cast.otto]
    for learner in people[: data.draw(st.integers(1, 5))]:
        learner.site = data.draw(st.sampled_from(sites))
        learner.save()
        capacity = data.draw(st.integers(1, 4))
        champion, _new = Champion.objects.update_or_create(
            learner=learner,
            defaults={
                "domain": data.draw(st.sampled_from(domains)), "languages": data.draw(st.sampled_from([["en"], ["fr"], ["en", "fr"]])),
                "capacity": capacity, "last_asked_at": data.draw(st.sampled_from([None, NOW - DAY, NOW])),
                "consented_on": TODAY, "manager_agreed_on": TODAY, "starts_on": TODAY - DAY,
            },
        )  # fmt: skip
        ask(champion, cast.ada, data.draw(st.integers(0, capacity)))
        ask(champion, cast.ada, data.draw(st.integers(0, 2)), answered_at=NOW)
        ask(champion, cast.ada, data.draw(st.integers(0, 2)), withdrawn_at=NOW)
    for learner in (cast.ada, cast.ben, cast.otto):
        learner.domain, learner.site = data.draw(st.sampled_from(domains)), data.draw(st.sampled_from(sites))
        learner.language = data.draw(st.sampled_from(["en", "fr"]))
        learner.save()
    expected = champions_for(Learner.objects.all(), now=NOW)
    chosen = {}
    for learner in Learner.objects.all():
        found = candidate_for(learner=learner, now=NOW)
        if found is not None:
            chosen[learner.pk] = found
    assert chosen == expected


@pytest.mark.parametrize("people", [1, 3])
def test_many_learners_cost_one_more_query_than_one(cast, coach: Coach, django_assert_num_queries, people: int) -> None:
    coach(cast.ben)
    ids = [cast.ada.pk, cast.ben.pk, cast.otto.pk][:people]
    with django_assert_num_queries(2):
        found = champions_for(Learner.objects.filter(pk__in=ids), now=NOW)
    assert set(found) == set(ids)
