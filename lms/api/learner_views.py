"""What a learner may read and do over HTTP: always their own."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Activity
from courses.problems import Problem, ProblemsFound
from lms import clock
from lms.api.base import ApiView, StrangerThrottle, SubmitThrottle, Throttle
from lms.api.permissions import IsLearner
from lms.api.problems import Conflict
from lms.api.serializers import AnswersSerializer, AttemptSerializer, MeSerializer, TrackCardSerializer, TrackProgressSerializer
from lms.models import Attempt, Learner
from lms.progress.actions import start_attempt, submit_attempt
from lms.progress.attempts import attempt_page
from lms.progress.queries import attempt_of, my_tracks, track_page

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Optional, at most 100 characters. The same key and answers give the same result again; a key belongs to one attempt.",
)


class LearnerView(ApiView):
    permission_classes = [IsAuthenticated, IsLearner]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.learner = Learner.objects.select_related("department", "domain", "site").get(user=request.user.pk)
        # A token brings no session: the middleware did not know the learner, so the language is chosen here.
        translation.activate(self.learner.language)


class MeView(LearnerView):
    @extend_schema(responses=MeSerializer, operation_id="me")
    def get(self, request: Request) -> Response:
        """Who I am, as the directory says."""
        return Response(MeSerializer(self.learner).data)


class MyTracksView(LearnerView):
    @extend_schema(responses=TrackCardSerializer(many=True), operation_id="my_tracks")
    def get(self, request: Request) -> Response:
        """My tracks with state, due date and progress."""
        page = my_tracks(learner=self.learner, now=clock.now())
        return Response(TrackCardSerializer(page.mine, many=True).data)


class MyProgressView(LearnerView):
    @extend_schema(responses=TrackProgressSerializer, operation_id="my_progress")
    def get(self, request: Request, track: str) -> Response:
        """One track, module by module."""
        page = track_page(learner=self.learner, track_slug=track, now=clock.now())
        if page is None:
            raise Http404
        return Response(TrackProgressSerializer(page).data)


class AttemptsView(LearnerView):
    throttle_classes = [StrangerThrottle, Throttle, SubmitThrottle]

    @extend_schema(request=None, responses=AttemptSerializer, operation_id="start_attempt")
    def post(self, request: Request, activity: str) -> Response:
        """Begin a quiz or an exercise; answers the open attempt when there is one."""
        found = Activity.objects.current().select_related("module").filter(slug=activity).first()
        if found is None:
            raise Http404
        attempt = start_attempt(learner=self.learner, activity=found, language=self.learner.language, now=clock.now())
        return Response(_attempt(attempt), status=status.HTTP_201_CREATED)


class AttemptView(LearnerView):
    @extend_schema(responses=AttemptSerializer, operation_id="attempt")
    def get(self, request: Request, uuid: UUID) -> Response:
        """An attempt of mine: its questions while it is open, its result once it is submitted."""
        return Response(_attempt(_mine(self.learner, uuid)))


class SubmitView(LearnerView):
    throttle_classes = [StrangerThrottle, Throttle, SubmitThrottle]

    @extend_schema(request=AnswersSerializer, responses=AttemptSerializer, parameters=[KEY], operation_id="submit_attempt")
    def post(self, request: Request, uuid: UUID) -> Response:
        """Submit once. The same call again answers the same result; other answers afterwards are refused with 409."""
        attempt = _mine(self.learner, uuid)
        body = AnswersSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        answers = body.validated_data["answers"]
        key = request.headers.get("Idempotency-Key", "")
        if len(key) > 100:
            raise ProblemsFound(
                [Problem("key-too-long", _("An idempotency key has at most 100 characters."), where="Idempotency-Key")]
            )
        if key and Attempt.objects.filter(learner=self.learner, idempotency_key=key).exclude(pk=attempt.pk).exists():
            raise Conflict(_("This idempotency key was used for another attempt."))
        attempt = submit_attempt(attempt=attempt, answers=answers, now=clock.now(), idempotency_key=key)
        if any(attempt.answers.get(item) != answer for item, answer in answers.items()):
            raise Conflict(_("This attempt was already submitted with other answers."))
        return Response(_attempt(attempt))


def _mine(learner: Learner, uuid: UUID) -> Attempt:
    attempt = attempt_of(learner=learner, uuid=uuid)
    if attempt is None:
        raise Http404
    return attempt


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return dict(AttemptSerializer(attempt, context={"page": attempt_page(attempt=attempt)}).data)
