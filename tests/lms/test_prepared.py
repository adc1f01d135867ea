"""A statement that is compiled once answers as its queryset does."""

import datetime as dt
import uuid

import pytest
from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce

from lms.models import Champion, HelpRequest, Learner
from lms.prepared import Prepared, PreparedUpdate
from tests.conftest import NOW


def asked(learner: int, word: str, since: dt.date):
    return (
        HelpRequest.objects.filter(learner=learner, question__contains=f'"{word}"', answer_due_on__gte=since)
        .order_by("pk")
        .values_list(
            "pk", "question", "asked_at", "answer_due_on", "token", "answered_at", "champion__languages", "champion__domain__name"
        )
    )


@pytest.fixture
def questions(cast) -> None:
    for number, learner in enumerate([cast.ada, cast.ada, cast.ben]):
        HelpRequest.objects.create(
            learner=learner, champion=cast.champion if number else None, question=f'"tone" {number}', token=uuid.uuid4(),
            asked_at=NOW + dt.timedelta(microseconds=number), answer_due_on=NOW.date() + dt.timedelta(days=number),
        )  # fmt: skip


def test_rows_are_those_of_the_queryset_for_any_values(cast, questions) -> None:
    prepared = Prepared(asked, learner=int, word=str, since=dt.date)
    seen = 0
    for learner in (cast.ada.pk, cast.ben.pk, cast.otto.pk):
        for word in ("tone", "ton"):
            for days in (0, 1, 9):
                values = {"learner": learner, "word": word, "since": NOW.date() + dt.timedelta(days=days)}
                rows = list(prepared.rows(**values))
                assert rows == list(asked(**values))
                seen += len(rows)
    assert seen == 5


def test_it_is_compiled_once_and_costs_one_query(cast, questions, django_assert_num_queries) -> None:
    built = []

    def make(learner: int):
        built.append(learner)
        return Learner.objects.filter(pk=learner).values_list("pk", "attributes")

    prepared = Prepared(make, learner=int)
    for learner in (cast.ada, cast.ben):
        with django_assert_num_queries(1):
            assert list(prepared.rows(learner=learner.pk)) == [(learner.pk, {})]
    assert len(built) == 1


def test_the_same_value_may_stand_in_several_places(cast) -> None:
    prepared = Prepared(
        lambda day: Champion.objects.filter(starts_on__lte=day).exclude(ends_on__lte=day).values_list("pk", F("starts_on")),
        day=dt.date,
    )
    assert list(prepared.rows(day=NOW.date())) == [(cast.champion.pk, cast.champion.starts_on)]
    assert list(prepared.rows(day=dt.date(2025, 1, 1))) == []


def test_a_name_that_is_not_asked_about_is_a_mistake(cast) -> None:
    prepared = Prepared(lambda learner, day: Learner.objects.filter(pk=learner).values_list("pk"), learner=int, day=dt.date)
    with pytest.raises(ValueError, match="day"):
        list(prepared.rows(learner=1, day=NOW.date()))


def with_profile(token: uuid.UUID, day: dt.date):
    return (
        HelpRequest.objects.filter(token=token, answer_due_on__gte=day)
        .select_related("champion__domain", "learner")
        .defer("learner__attributes", "question")
        .annotate(also=F("answer_due_on"))
    )


def test_objects_are_those_of_the_queryset(cast, questions, django_assert_num_queries) -> None:
    prepared = Prepared(with_profile, token=uuid.UUID, day=dt.date)
    for token in HelpRequest.objects.values_list("token", flat=True):
        (wanted,) = with_profile(token, NOW.date())
        with django_assert_num_queries(1):
            (found,) = prepared.objects(token=token, day=NOW.date())
            assert (found, found.also, found.learner, found.champion) == (wanted, wanted.also, wanted.learner, wanted.champion)
            assert found.champion is None or found.champion.domain == wanted.champion.domain
        assert found.get_deferred_fields() == {"question"}
        assert found.learner.get_deferred_fields() == {"attributes"}
        assert not found._state.adding
    assert prepared.objects(token=uuid.uuid4(), day=NOW.date()) == []


def test_values_are_not_objects(cast) -> None:
    with pytest.raises(TypeError, match="no objects"):
        Prepared(lambda pk: Learner.objects.filter(pk=pk).values_list("pk"), pk=int).objects(pk=1)


def test_one_name_may_begin_like_another(cast) -> None:
    names = {f"name{number}": f"word{number}" for number in range(12)}
    prepared = Prepared(
        lambda **words: Learner.objects.filter(first_name__in=words.values()).values_list("first_name"),
        **dict.fromkeys(names, str),
    )
    assert list(prepared.rows(**names)) == []
    assert list(prepared.rows(**{**names, "name11": cast.ada.first_name})) == [(cast.ada.first_name,)]


def test_a_change_is_that_of_the_queryset(cast, questions, django_assert_num_queries) -> None:
    prepared = PreparedUpdate(
        lambda learner, question, asked_at, due: (
            HelpRequest.objects.filter(learner=learner),
            {
                "question": question,
                "asked_at": Coalesce(F("answered_at"), Value(asked_at, DateTimeField())),
                "answer_due_on": due,
            },
        ),
        learner=int,
        question=str,
        asked_at=dt.datetime,
        due=dt.date,
    )
    for number, learner in enumerate([cast.ada, cast.ben, cast.otto]):
        then, due = NOW + dt.timedelta(hours=number, microseconds=7), NOW.date() + dt.timedelta(days=number)
        with django_assert_num_queries(1):
            changed = prepared.run(learner=learner.pk, question=f"100% ’{number}", asked_at=then, due=due)
        rows = list(HelpRequest.objects.filter(learner=learner).values_list("question", "asked_at", "answer_due_on"))
        assert (changed, rows) == (len(rows), [(f"100% ’{number}", then, due)] * [2, 1, 0][number])


def test_a_change_takes_json_numbers_and_identifiers(cast, questions) -> None:
    told = PreparedUpdate(
        lambda learner, told: (Learner.objects.filter(pk=learner), {"attributes": told}), learner=int, told=dict
    )
    other = {"team": "Café", "sizes": [1, 2.5, None], "quoted": 'a"b'}
    assert told.run(learner=cast.ada.pk, told=other) == 1
    assert Learner.objects.get(pk=cast.ada.pk).attributes == other
    token, new = HelpRequest.objects.values_list("token", flat=True).first(), uuid.uuid4()
    moved = PreparedUpdate(
        lambda token, new: (HelpRequest.objects.filter(token=token), {"token": new}), token=uuid.UUID, new=uuid.UUID
    )
    assert (moved.run(token=token, new=new), moved.run(token=token, new=new)) == (1, 0)
    assert HelpRequest.objects.filter(token=new).count() == 1
