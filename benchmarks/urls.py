from django.urls import URLPattern, URLResolver, path

from benchmarks import bare
from config import urls as project
from config.urls import handler403, handler404, handler500  # noqa: F401 - Django reads the handlers here

urlpatterns: list[URLPattern | URLResolver] = [
    path("bench/replay/", bare.replay),
    path("bench/submit/<uuid:uuid>/", bare.submit),
    *project.urlpatterns,
]
