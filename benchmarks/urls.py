from django.urls import path

from benchmarks import bare
from config.urls import handler403, handler404, handler500, urlpatterns  # noqa: F401 - Django reads the handlers here

urlpatterns = [
    path("bench/replay/", bare.replay),
    path("bench/submit/<uuid:uuid>/", bare.submit),
    *urlpatterns,
]
