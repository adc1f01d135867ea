"""Run a directory import where one can watch it: in a worker when one can be reached, else in this very request."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from kombu.exceptions import OperationalError

from lms import tasks
from lms.models import DirectoryImport

log = logging.getLogger(__name__)

#: As long as a worker may take, and a little: whoever is silent for longer has died.
LONGEST = dt.timedelta(minutes=20)
#: After so long without a worker one may run it in the page.
PATIENCE = dt.timedelta(seconds=15)


@dataclass(frozen=True)
class Watched:
    """How far a run is, as the cache knows: the run itself is one transaction, and nobody sees into it."""

    done: int = 0
    total: int = 0
    queued_at: dt.datetime | None = None


def watch(pk: int) -> Watched:
    progress, queued = tasks.progress_key(pk), _queued_key(pk)
    kept = cache.get_many([progress, queued])
    done, total = kept.get(progress) or (0, 0)
    return Watched(done, total, dt.datetime.fromisoformat(kept[queued]) if kept.get(queued) else None)


def hand_to_worker(*, directory_import: DirectoryImport, actor: Any, confirm_leavers: bool, now: dt.datetime) -> bool:
    """True when the broker took it. A broker in this process's own memory has nobody who listens."""
    task = tasks.apply_directory_import
    conf = task.app.conf
    if not conf.task_always_eager and str(conf.broker_write_url or conf.broker_url or "").startswith("memory"):
        return False
    cache.set(_queued_key(directory_import.pk), now.isoformat(), timeout=int(LONGEST.total_seconds()))
    try:
        task.apply_async(args=(directory_import.pk, actor.pk, confirm_leavers), retry=False)
    except (OperationalError, OSError) as error:
        log.warning("no broker for directory import %s: %s", directory_import.pk, error)
        forget(directory_import.pk)
        return False
    return True


def forget(pk: int) -> None:
    """Whatever was said about an earlier run of this file."""
    cache.delete_many([tasks.progress_key(pk), _queued_key(pk)])


def run_here(*, directory_import: DirectoryImport, actor: Any, confirm_leavers: bool) -> DirectoryImport:
    """What a worker would do, in this request. The answer tells by its moments and problems what became of it."""
    forget(directory_import.pk)
    tasks.apply_directory_import(directory_import.pk, actor.pk, confirm_leavers)
    return DirectoryImport.objects.defer("content").get(pk=directory_import.pk)


def _queued_key(pk: int) -> str:
    return f"lms.directory_import.{pk}.queued"
