"""Cohorts and enrolments for HR, in the same scope as the pages."""

import csv
from collections.abc import Iterator
from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet
from django.http import StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from courses.problems import Problem, ProblemsFound
from lms import clock
from lms.api.base import ApiView
from lms.api.permissions import IsHr
from lms.api.serializers import (
    ChangedSerializer,
    CohortSerializer,
    EnrolmentSerializer,
    ExternalIdsSerializer,
    MembershipSerializer,
)
from lms.audit.actions import record
from lms.enrolment.actions import add_members, remove_members
from lms.enrolment.queries import with_state
from lms.enums import EnrolmentState, Source
from lms.models import Cohort, CohortMembership, Enrolment, Learner
from lms.people.rules import company_day

Row = TypeVar("Row", bound=Model)


class Pages(CursorPagination):
    """Stable under writes, and as fast on page 10,000 as on the first."""

    page_size = 100
    max_page_size = 1000
    page_size_query_param = "page_size"
    ordering = "pk"


class HrViewSet(ApiView, viewsets.GenericViewSet[Row]):
    permission_classes = [IsAuthenticated, IsHr]
    pagination_class = Pages


class CohortViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, HrViewSet[Cohort]):
    """Cohorts, and who is in them."""

    write_permission = "lms.change_cohort"
    serializer_class = CohortSerializer
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Cohort]:
        return Cohort.objects.annotate(members=Count("memberships", filter=Q(memberships__until__isnull=True))).order_by("pk")

    def perform_create(self, serializer: Any) -> None:
        now = clock.now()
        cohort = serializer.save(created_at=now)
        cohort.members = 0
        record(actor=self.request.user, verb="create_cohort", obj=cohort, source=Source.API, now=now)

    @extend_schema(responses=MembershipSerializer(many=True), methods=["GET"])
    @extend_schema(request=ExternalIdsSerializer, responses=ChangedSerializer, methods=["POST"])
    @action(detail=True, methods=["get", "post"])
    def members(self, request: Request, pk: str) -> Response:
        """GET: who is in it. POST: add people by external id; they are enrolled in what the cohort learns."""
        cohort = self.get_object()
        if request.method == "POST":
            learners = self._learners(request)
            changed = add_members(cohort=cohort, learners=learners, actor=request.user, source=Source.API, now=clock.now())
            return Response({"changed": changed}, status=status.HTTP_200_OK)
        rows: Any = CohortMembership.objects.current().filter(cohort=cohort).select_related("learner")
        page: Any = self.paginate_queryset(rows)
        return self.get_paginated_response(MembershipSerializer(page, many=True).data)

    @extend_schema(request=ExternalIdsSerializer, responses=ChangedSerializer)
    @action(detail=True, methods=["post"], url_path="members/remove", url_name="remove-members")
    def remove_members(self, request: Request, pk: str) -> Response:
        """Take people out by external id; what they learned for another reason stays."""
        learners = self._learners(request)
        changed = remove_members(
            cohort=self.get_object(), learners=learners, actor=request.user, source=Source.API, now=clock.now(), reason="API"
        )
        return Response({"changed": changed})

    def _learners(self, request: Request) -> list[Learner]:
        body = ExternalIdsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = set(body.validated_data["external_ids"])
        found = list(Learner.objects.visible_to(request.user).filter(external_id__in=wanted))
        unknown = wanted - {learner.external_id for learner in found}
        if unknown:
            raise ProblemsFound(
                [
                    Problem(
                        "unknown-learner", _("Nobody has the external id “%(id)s”."), where="external_ids", params={"id": one}
                    )
                    for one in sorted(unknown)
                ]
            )
        return found


class EnrolmentFilter(filters.FilterSet):
    cohort = filters.NumberFilter(method="in_cohort", help_text="Members of this cohort now.")
    track = filters.CharFilter(field_name="track__slug")
    learner = filters.CharFilter(field_name="learner__external_id")
    state = filters.ChoiceFilter(choices=EnrolmentState.choices, field_name="state")

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def in_cohort(self, queryset: QuerySet[Enrolment], name: str, value: Any) -> QuerySet[Enrolment]:
        return queryset.filter(learner__in=CohortMembership.objects.current().filter(cohort=value).values("learner"))


class EnrolmentViewSet(mixins.ListModelMixin, HrViewSet[Enrolment]):
    """Who learns what, and in which state. ``csv`` streams the same rows."""

    write_permission = "lms.assign_tracks"
    serializer_class = EnrolmentSerializer
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = EnrolmentFilter

    def get_queryset(self) -> QuerySet[Enrolment]:
        if getattr(self, "swagger_fake_view", False):
            return Enrolment.objects.none()
        scope = Learner.objects.visible_to(self.request.user)
        rows = Enrolment.objects.filter(learner__in=scope).select_related("learner", "track")
        return with_state(rows, today=company_day(clock.now()))

    @extend_schema(responses={(200, "text/csv"): str})
    @action(detail=False, methods=["get"], url_path="csv", url_name="csv", pagination_class=None)
    def export(self, request: Request) -> StreamingHttpResponse:
        """The filtered rows as CSV; cells that a spreadsheet would run as a formula are escaped."""
        rows = self.filter_queryset(self.get_queryset()).values_list(*COLUMNS)
        record_now = clock.now()
        record(actor=request.user, verb="export_enrolments", obj=Enrolment(), source=Source.API, now=record_now)
        answer = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="enrolments-{record_now:%Y-%m-%d}.csv"'
        return answer


COLUMNS = [
    "learner__external_id", "learner__email", "track__slug", "state", "starts_on", "due_on", "started_at", "completed_at",
]  # fmt: skip
HEADINGS = ["external_id", "email", "track", "state", "starts_on", "due_on", "started_at", "completed_at"]
RISKY = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """A text cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) else text


class _Echo:
    def write(self, value: str) -> str:
        return value


def _csv(rows: QuerySet[Any]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(HEADINGS)
    for row in rows.iterator(chunk_size=5000):
        yield writer.writerow([safe_cell(value) for value in row])
