"""Shapes of the HTTP API. Reading only: writes go through the rooms' actions, so nothing can be assigned by accident."""

from typing import Any

from rest_framework import serializers

from lms.enums import EnrolmentState
from lms.models import Attempt, Cohort, CohortMembership, Enrolment, Learner


class MeSerializer(serializers.ModelSerializer[Learner]):
    """The signed-in learner."""

    department = serializers.CharField(source="department.path", default=None)
    domain: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    site = serializers.CharField(source="site.name", default=None)

    class Meta:
        model = Learner
        fields = [
            "external_id", "email", "first_name", "last_name", "department", "domain", "site", "job_title", "language",
            "time_zone", "working_days", "hired_on",
        ]  # fmt: skip
        read_only_fields = fields


class TrackCardSerializer(serializers.Serializer[Any]):
    """One track of the learner. ``percent`` counts what is required now."""

    track = serializers.CharField(source="track.slug")
    title = serializers.CharField(source="track.title")
    state = serializers.ChoiceField(choices=EnrolmentState.choices)
    percent = serializers.IntegerField(min_value=0, max_value=100)
    done = serializers.IntegerField()
    required = serializers.IntegerField()  # type: ignore[assignment]
    minutes_left = serializers.IntegerField()
    starts_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)


class ActivityLineSerializer(serializers.Serializer[Any]):
    activity = serializers.CharField(source="activity.slug")
    title = serializers.CharField(source="activity.title")
    kind = serializers.CharField(source="activity.kind")
    minutes = serializers.IntegerField(source="activity.minutes")
    required = serializers.BooleanField(source="activity.required")  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=["done", "open", "retry", "new"])
    best_score = serializers.FloatField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)


class ModuleLineSerializer(serializers.Serializer[Any]):
    module = serializers.CharField(source="module.slug")
    title = serializers.CharField(source="module.title")
    percent = serializers.IntegerField()
    complete = serializers.BooleanField()
    locked = serializers.BooleanField()
    activities = ActivityLineSerializer(many=True)


class TrackProgressSerializer(serializers.Serializer[Any]):
    """One track with its modules and activities, as far as the learner is."""

    card = TrackCardSerializer(allow_null=True)
    modules = ModuleLineSerializer(many=True)


class QuestionSerializer(serializers.Serializer[Any]):
    """What may be seen of an item before the attempt is submitted: no key, no feedback."""

    id = serializers.CharField(source="slug")
    mechanic = serializers.CharField()
    payload = serializers.JSONField()
    prompt = serializers.CharField()
    brief = serializers.CharField()
    document = serializers.CharField()
    parts = serializers.JSONField()
    answer = serializers.JSONField(allow_null=True)


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """An attempt: its questions while it is open, its score and result once it is submitted."""

    activity: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    questions = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    passed = serializers.SerializerMethodField()

    class Meta:
        model = Attempt
        fields = [
            "uuid", "activity", "number", "language", "started_at", "submitted_at", "score", "corrected_score", "passed",
            "questions", "result",
        ]  # fmt: skip
        read_only_fields = fields

    def get_questions(self, attempt: Attempt) -> list[dict[str, Any]]:
        return list(QuestionSerializer(self.context["page"].questions, many=True).data)

    def get_passed(self, attempt: Attempt) -> bool:
        return bool(self.context["page"].passed)

    def get_result(self, attempt: Attempt) -> dict[str, Any] | None:
        """By item: score, passed, parts, feedback. Null while the attempt is open."""
        return attempt.result if attempt.submitted_at else None


class AnswersSerializer(serializers.Serializer[Any]):
    """``{"answers": {item id: response}}``; each response has the shape of its mechanic."""

    answers = serializers.DictField(child=serializers.JSONField(allow_null=True))


class CohortSerializer(serializers.ModelSerializer[Cohort]):
    members = serializers.IntegerField(read_only=True, help_text="People in it now.")

    class Meta:
        model = Cohort
        fields = ["id", "name", "description", "created_at", "archived_at", "members"]
        read_only_fields = ["id", "created_at", "archived_at", "members"]


class MembershipSerializer(serializers.ModelSerializer[CohortMembership]):
    learner: Any = serializers.SlugRelatedField(slug_field="external_id", read_only=True)

    class Meta:
        model = CohortMembership
        fields = ["learner", "since", "until"]
        read_only_fields = fields


class ExternalIdsSerializer(serializers.Serializer[Any]):
    """Who to add or to take out, by external id; at most 5,000 a call."""

    external_ids = serializers.ListField(child=serializers.CharField(max_length=100), min_length=1, max_length=5000)


class ChangedSerializer(serializers.Serializer[Any]):
    changed = serializers.IntegerField()


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    """One learner in one track. Dates and a state, no score."""

    learner: Any = serializers.SlugRelatedField(slug_field="external_id", read_only=True)
    track: Any = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    state = serializers.ChoiceField(choices=EnrolmentState.choices, read_only=True)

    class Meta:
        model = Enrolment
        fields = [
            "learner", "track", "state", "enrolled_at", "starts_on", "due_on", "started_at", "completed_at", "archived_at",
        ]  # fmt: skip
        read_only_fields = fields
