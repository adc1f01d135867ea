"""The stand-alone project's settings with what a test run changes: a key that protects nothing, plain HTTP, quick hashing."""

import os

os.environ.setdefault("DJANGO_SECRET_KEY", "for-tests-only-" + "0" * 40)
os.environ.setdefault("PASSERELLE_HTTPS", "0")

from config.settings import *  # noqa: F403 - the environment comes first
from config.settings import MIDDLEWARE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pages are rendered without collecting static files first.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Processes of the tests take their time from a file; nowhere else may they.
SILENCED_SYSTEM_CHECKS = ["lms.E003"]
# The N+1 guard: a page, an API call or an admin list that reads row by row fails its test.
# (tests/conftest.py switches its listening on, once: as an app it would listen twice after a test that changes INSTALLED_APPS.)
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
# What nobody chose a language for is said in English, so that tests read; the product's own default is French.
LANGUAGE_CODE = "en"
