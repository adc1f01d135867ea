"""Addresses of the HTTP API, below ``api/v1/``."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from lms.api import hr_views, learner_views

router = SimpleRouter()
router.register("cohorts", hr_views.CohortViewSet, basename="cohort")
router.register("enrolments", hr_views.EnrolmentViewSet, basename="enrolment")

app_name = "api"
urlpatterns = [
    path("me/", learner_views.MeView.as_view(), name="me"),
    path("me/tracks/", learner_views.MyTracksView.as_view(), name="my_tracks"),
    path("me/progress/<slug:track>/", learner_views.MyProgressView.as_view(), name="my_progress"),
    path("activities/<slug:activity>/attempts/", learner_views.AttemptsView.as_view(), name="start_attempt"),
    path("attempts/<uuid:uuid>/", learner_views.AttemptView.as_view(), name="attempt"),
    path("attempts/<uuid:uuid>/submit/", learner_views.SubmitView.as_view(), name="submit_attempt"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include(router.urls)),
]
