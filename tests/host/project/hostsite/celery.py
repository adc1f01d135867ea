"""The host's own Celery application, as any project has one; Passerelle's tasks are found through it."""

from celery import Celery

app = Celery("hostsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
