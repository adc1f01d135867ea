"""Progress of many people: equal to what each of them sees, at a constant cost."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import Activity, PackVersion
from lms.models import Completion, Enrolment
from lms.progress import actions
from lms.progress import catalogue as catalogues
from lms.progress.lists import progress_of, progress_rows
from lms.progress.queries import today_page
from tests.conftest import NOW

TODAY = NOW.date()


def done(learner, *activities, at=NOW) -> None:
    Completion.objects.bulk_create(
        [Completion(learner=learner, activity=activity, opened_at=NOW, completed_at=at) for activity in activities]
    )


def test_per_cent_counts_what_is_required_now_in_that_track(cast, catalogue, enrol) -> None:
    ada, ben = enrol(cast.ada, catalogue.track), enrol(cast.ben, catalogue.track)
    other = enrol(cast.ada, catalogue.other_track)
    done(cast.ada, catalogue.lesson, catalogue.n1_lesson)
    done(cast.ada, catalogue.exercise, at=None)
    assert progress_of(Enrolment.objects.all()) == {ada.pk: 20, ben.pk: 0, other.pk: 100}
    Activity.objects.filter(pk=catalogue.exercise.pk).update(required=False)
    Activity.objects.filter(pk=catalogue.mission.pk).update(retired_at=NOW)
    assert progress_of(Enrolment.objects.filter(learner=cast.ada)) == {ada.pk: 33, other.pk: 100}
    Activity.objects.filter(pk=catalogue.lesson.pk).update(retired_at=NOW)
    assert progress_of(Enrolment.objects.filter(pk=ada.pk)) == {ada.pk: 0}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_lists_and_pages_say_the_same(cast, catalogue, data: st.DataObject) -> None:
    Completion.objects.all().delete()
    Enrolment.objects.all().delete()
    activities = list(Activity.objects.all())
    for track in (catalogue.track, catalogue.other_track):
        Enrolment.objects.create(learner=cast.ada, track=track, enrolled_at=NOW, starts_on=TODAY)
    done(cast.ada, *data.draw(st.lists(st.sampled_from(activities), unique=True)))
    for activity in activities:
        changes = {"required": data.draw(st.booleans()), "retired_at": data.draw(st.sampled_from([None, None, NOW]))}
        Activity.objects.filter(pk=activity.pk).update(**changes)
    cards = {card.enrolment_id: card.percent for card in today_page(learner=cast.ada, now=NOW).enrolments}
    assert progress_of(Enrolment.objects.all()) == cards
    assert {row.enrolment_id: row.percent for row in progress_rows(Enrolment.objects.all(), today=TODAY)} == cards
    settled = actions.settle_enrolments(now=NOW)
    assert settled == 0, "nobody has started"
    Enrolment.objects.update(started_at=NOW)
    actions.settle_enrolments(now=NOW)
    complete = set(Enrolment.objects.filter(completed_at=NOW).values_list("pk", flat=True))
    assert complete == {pk for pk, percent in cards.items() if percent == 100}


@pytest.mark.parametrize("people", [1, 3])
def test_rows_cost_a_constant_number_of_queries(cast, catalogue, enrol, django_assert_num_queries, people: int) -> None:
    PackVersion.objects.create(pack=catalogue.pack, number=1, digest="a" * 64, published_at=NOW)
    for learner in (cast.ada, cast.ben, cast.otto)[:people]:
        enrol(learner, catalogue.track)
        done(learner, catalogue.lesson)
    catalogues.current()
    with django_assert_num_queries(2):
        assert len(progress_of(Enrolment.objects.all())) == people
    with django_assert_num_queries(3):
        assert len(list(progress_rows(Enrolment.objects.all(), today=TODAY))) == people


def test_a_row_has_the_moments_and_the_state(cast, catalogue, enrol) -> None:
    enrol(cast.ada, catalogue.track, due_on=TODAY - dt.timedelta(days=1), started_at=NOW, last_activity_at=NOW)
    done(cast.ada, catalogue.lesson)
    (row,) = progress_rows(Enrolment.objects.order_by("pk"), today=TODAY)
    assert (row.external_id, row.name, row.track_slug, row.state.value, row.percent, row.due_on, row.started_at, row.completed_at) == (
        cast.ada.external_id, "Ada Test", "prompt-engineering", "late", 20, TODAY - dt.timedelta(days=1), NOW, None,
    )  # fmt: skip


def test_a_retired_track_has_no_progress_and_breaks_nothing(cast, catalogue, enrol) -> None:
    one = enrol(cast.ada, catalogue.track)
    catalogue.track.retired_at = NOW
    catalogue.track.save()
    assert progress_of(Enrolment.objects.all()) == {one.pk: 0}
    (row,) = progress_rows(Enrolment.objects.all(), today=TODAY)
    assert (row.track_slug, row.percent) == ("prompt-engineering", 0)
    catalogue.other_track.retired_at = NOW
    catalogue.other_track.save()
    assert progress_of(Enrolment.objects.all()) == {one.pk: 0}
