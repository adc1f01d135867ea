"""The stand-alone project as it is deployed, plus the bare views that it is compared with. Plain HTTP, no host name."""

import os

os.environ.setdefault("DJANGO_SECRET_KEY", "for-benchmarks-only-" + "0" * 40)
os.environ.setdefault("PASSERELLE_HTTPS", "0")

from config.settings import *  # noqa: F403 - the environment comes first

ROOT_URLCONF = "benchmarks.urls"
