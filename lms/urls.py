"""The pages' addresses: readable, shareable, stable."""

from django.urls import URLPattern, URLResolver, path

from lms.views import public

app_name = "lms"

urlpatterns: list[URLPattern | URLResolver] = [
    path("privacy/", public.privacy_notice, name="privacy_notice"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("offline/", public.offline, name="offline"),
    path("healthz", public.healthz, name="healthz"),
]
