"""Figures equal a plain recount after rounding, in the reader's scope, and stay silent where they must."""

import datetime as dt
import json
import random

import pytest

from lms.models import Department, Learner
from lms.reports.figures import build_figures, count_applied, count_enrolled, states_by_track
from lms.reports.rules import Share, States, published, share
from lms.reports.scope import Kind, scope_of

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def people_in(figures) -> tuple[str, int, str]:
    return figures["shown"]["kind"], figures["shown"]["people"], figures["empty"]


def test_figures_equal_a_recount_by_hand(cast, catalogue, team, assign, log_try):
    rng = random.Random(7)
    people = [cast.ada, cast.ben, *team(38)]
    states = {}
    for learner in people:
        for track in (catalogue.track, catalogue.other_track):
            state = rng.choice(["not_started", "on_the_way", "late", "done", "archived", "none"])
            states[learner.pk, track.pk] = state
            if state != "none":
                assign(learner, state, track)
        if rng.random() < 0.6:
            log_try(learner, days_ago=rng.choice([0, 10, 29, 30, 31, 60]))
    # Nothing of other units, of the manager herself, or of those who left may count.
    for stranger in (cast.otto, cast.omar, cast.mira, cast.dana):
        assign(stranger, "done")
        log_try(stranger)
    gone = team(1, left_on=NOW.date())[0]
    assign(gone, "done")
    log_try(gone)

    applied = sum(
        any(NOW.date() - 30 * DAY < entry.tried_on <= NOW.date() for entry in learner.journal.all()) for learner in people
    )
    enrolled = sum(any(states[learner.pk, t.pk] not in {"none", "archived"} for t in catalogue.tracks) for learner in people)
    figures = build_figures(cast.mira, None, now=NOW)
    assert people_in(figures) == ("team", 40, "")
    assert figures["applied"] == share(applied, 40, least=5).as_json()
    assert figures["enrolled"] == share(enrolled, 40, least=5).as_json()
    for track in (catalogue.track, catalogue.other_track):
        counted = [states[learner.pk, track.pk] for learner in people]
        expected = States(**{name: counted.count(name) for name in ("not_started", "on_the_way", "late", "done")})
        (line,) = [each for each in figures["tracks"] if each["slug"] == track.slug]
        assert line["states"] == {name: each.as_json() for name, each in published(expected, least=5).items()}
        assert line["title"] == {"en": track.slug, "fr": f"{track.slug} (fr)"}


def test_only_accepted_missions_and_own_entries_count_as_applied(cast, catalogue, log_try):
    log_try(cast.ada, mission=catalogue.mission, accepted=False)
    log_try(cast.ben, days_ago=-1)
    people = scope_of(cast.mira, None, now=NOW).people
    assert count_applied(people, now=NOW) == 0
    cast.ada.journal.update(accepted_at=NOW)
    assert count_applied(people, now=NOW) == 1
    log_try(cast.ben)
    log_try(cast.ben)
    assert count_applied(people, now=NOW) == 2


def test_what_somebody_chose_alone_is_not_an_assigned_track(cast, catalogue, assign):
    enrolment = assign(cast.ada)
    people = scope_of(cast.mira, None, now=NOW).people
    assert states_by_track(people, now=NOW) == {catalogue.track.pk: States(1, 0, 0, 0)}
    enrolment.reasons.update(until=NOW)
    assert states_by_track(people, now=NOW) == {}
    assert count_enrolled(people) == 1


def test_the_scope_is_the_readers(cast, cohort_of):
    def names(reader, cohort=None):
        return {learner.first_name for learner in scope_of(reader, cohort, now=NOW).people}

    mixed = cohort_of("Mixed", cast.ada, cast.ben, cast.otto, cast.mira)
    assert names(cast.mira) == {"Ada", "Ben"}
    assert names(cast.dana) == {"Mira", "Ada", "Ben", "Chloé"}
    assert names(cast.omar) == {"Otto"}
    assert names(cast.ada) == set()
    assert names(cast.mira, mixed) == {"Ada", "Ben"}
    assert names(cast.omar, mixed) == {"Otto"}
    assert names(cast.otto, mixed) == set()
    assert scope_of(cast.mira, mixed, now=NOW).least == 10
    cast.ada.left_on = NOW.date()
    cast.ada.save()
    assert names(cast.mira) == {"Ben"}


@pytest.fixture
def hana_is_hr(cast):
    from django.contrib.auth.models import Group, Permission

    Group.objects.get(name="HR").permissions.add(*Permission.objects.filter(codename__in=["view_learner", "view_report"]))
    return Learner.objects.get(pk=cast.hana.pk)


def test_hr_without_a_team_reads_about_the_company(cast, hana_is_hr, cohort_of):
    scope = scope_of(hana_is_hr, None, now=NOW)
    assert (scope.kind, scope.people.count(), scope.least) == (Kind.COMPANY, Learner.objects.count() - 1, 5)
    whole = scope_of(hana_is_hr, cohort_of("All", cast.ada, cast.otto, hana_is_hr), now=NOW)
    assert ({each.first_name for each in whole.people}, whole.least) == ({"Ada", "Otto"}, 5)


@pytest.mark.parametrize(
    ("size", "elsewhere", "expected"),
    [
        (3, 0, ("team", 3, "too_small")),
        (4, 3, ("team", 4, "too_small")),  # with Chloé and Dana nine colleagues in the department: not enough
        (4, 5, ("department", 11, "")),
        (5, 0, ("team", 5, "")),
    ],
)
def test_a_small_team_gets_its_department_if_that_is_large_enough(cast, team, make_learner, size, elsewhere, expected):
    team(size - 2)
    below = Department.objects.create(name="East", path="Sales/East", parent=cast.sales)
    for number in range(elsewhere):
        make_learner(f"E{number}", department=below)
    figures = build_figures(cast.mira, None, now=NOW)
    assert people_in(figures) == expected
    if figures["empty"]:
        assert set(figures) == {"version", "on", "scope", "shown", "empty", "tracks"}
        assert figures["tracks"] == []


def test_a_part_of_a_team_has_figures_from_ten_people_on_and_no_stand_in(cast, team, cohort_of, assign):
    people = [cast.ada, cast.ben, *team(8)]
    for learner in people:
        assign(learner, "done")
    nine = build_figures(cast.mira, cohort_of("Nine", *people[:9]), now=NOW)
    assert people_in(nine) == ("cohort", 9, "too_small")
    ten = build_figures(cast.mira, cohort_of("Ten", *people), now=NOW)
    assert people_in(ten) == ("cohort", 10, "")


def test_nobody_is_said_to_be_nobody(cast):
    assert people_in(build_figures(cast.ada, None, now=NOW)) == ("team", 0, "nobody")


def test_changes_are_told_between_reports_about_the_same_kind_of_group(cast, team, log_try):
    people = [cast.ada, cast.ben, *team(18)]
    for learner in people[:5]:
        log_try(learner)
    first = build_figures(cast.mira, None, now=NOW)
    assert "applied" not in first["changes"]
    for learner in people[5:12]:
        log_try(learner)
    second = build_figures(cast.mira, None, now=NOW, before=first)
    assert Share.from_json(second["applied"]).percent > Share.from_json(first["applied"]).percent
    assert second["changes"]["applied"] == "more"
    other = {**first, "shown": {**first["shown"], "kind": "department"}}
    assert build_figures(cast.mira, None, now=NOW, before=other)["changes"] == {}


def test_names_only_where_the_company_switched_them_on_and_only_of_the_own_team(cast, team, assign, settings, hana_is_hr):
    team(8)
    assign(cast.ada, "late")
    assign(cast.ben, "done")
    assign(cast.otto, "done")
    assert "named" not in build_figures(cast.mira, None, now=NOW)
    settings.LMS = {**settings.LMS, "REPORT_NAMED_STATES": True}
    assert build_figures(cast.mira, None, now=NOW)["named"] == [
        {"learner": str(cast.ada.pk), "name": "Ada Test", "track": "prompt-engineering", "state": "late"},
        {"learner": str(cast.ben.pk), "name": "Ben Test", "track": "prompt-engineering", "state": "done"},
    ]
    assert build_figures(hana_is_hr, None, now=NOW)["named"] == []


def test_what_is_stored_holds_no_count_finer_than_what_is_shown(cast, team, assign, log_try):
    for learner in [cast.ada, cast.ben, *team(15)]:
        assign(learner, "on_the_way")
        log_try(learner)
    figures = json.loads(json.dumps(build_figures(cast.mira, None, now=NOW)))
    allowed = {"version", "people", "least", "percent", "champions", "starter"}

    def numbers(value, key=""):
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from numbers(inner, name)
        elif isinstance(value, list):
            for inner in value:
                yield from numbers(inner, key)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield key, value

    assert {key for key, _number in numbers(figures)} <= allowed
    assert figures["enrolled"] == {"word": "nearly_all"}


@pytest.mark.parametrize("size", [6, 30])
def test_the_number_of_statements_does_not_depend_on_the_people(size, cast, team, assign, django_assert_num_queries):
    for learner in team(size):
        assign(learner)
    reader = Learner.objects.select_related("user", "department").get(pk=cast.mira.pk)
    reader.user.get_all_permissions()
    # people; enrolled, applied; coverage 2; states, tracks
    with django_assert_num_queries(7):
        build_figures(reader, None, now=NOW)
