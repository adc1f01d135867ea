"""The Celery application of the stand-alone project. Every timed job stands in ``lms/tasks.py``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("passerelle")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["lms"])


@app.on_after_finalize.connect
def _plan(sender: Celery, **_kwargs: object) -> None:
    from lms.tasks import SCHEDULE

    sender.conf.beat_schedule = SCHEDULE
