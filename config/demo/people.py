"""The demo company's people: a directory file through the same import as anybody's, cohorts, champions, subscriptions."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group

from courses.models import Domain, Track
from lms.champions.actions import name_champion
from lms.enrolment.actions import add_members, assign_tracks
from lms.enums import Cadence, DueRule, Source
from lms.models import Cohort, Department, Learner
from lms.people.actions import apply_directory, preview_directory, upload_directory
from lms.reports.actions import subscribe

DIRECTORY = Path(__file__).with_name("directory.csv")
PASSWORD = "passerelle"  # noqa: S105 - printed on the screen: it opens a demo on one's own machine
HR, MANAGER, EMPLOYEE, CHAMPION, ENGLISH = "V0005", "V0002", "V0007", "V0008", "V0046"


def hire(now: dt.datetime) -> None:
    """Import the directory; HR, and everybody else, can sign in with the demo's password."""
    upload = upload_directory(
        content=DIRECTORY.read_bytes(), file_name=DIRECTORY.name, full=False, actor=None, source=Source.COMMAND, now=now
    )
    preview_directory(directory_import=upload, now=now)
    apply_directory(directory_import=upload, actor=None, source=Source.COMMAND, now=now)
    accounts = {HR, MANAGER, EMPLOYEE, CHAMPION, ENGLISH}
    for learner in Learner.objects.filter(external_id__in=accounts).select_related("user"):
        learner.user.set_password(PASSWORD)
        if learner.external_id == HR:
            learner.user.is_staff = True
            learner.user.groups.add(Group.objects.get(name="HR"))
        learner.user.save()


def person(external_id: str) -> Learner:
    return Learner.objects.select_related("user", "department", "domain", "site").get(external_id=external_id)


def hr() -> Any:
    return person(HR).user


def name_champions(now: dt.datetime) -> None:
    """Nora for operations; Théo for marketing and sales. Agreed by their managers, dated."""
    for external_id, domain, path in (
        (CHAMPION, "operations", "Direction/Opérations"),
        ("V0011", "marketing", "Direction/Commercial"),
    ):
        name_champion(
            learner=person(external_id),
            domain=Domain.objects.get(slug=domain),
            department=Department.objects.get(path=path),
            languages=["fr", "en"],
            consented_on=now.date() - dt.timedelta(days=7),
            manager_agreed_on=now.date() - dt.timedelta(days=2),
            starts_on=now.date(),
            actor=hr(),
            source=Source.ADMIN,
            now=now,
        )


def gather(
    name: str, description: str, departments: list[str], tracks: list[Track], *, days: dict[str, int], now: dt.datetime
) -> Cohort:
    """A cohort of whole departments with its tracks, each due so many days after the start."""
    cohort = Cohort.objects.create(name=name, description=description, created_at=now)
    people = Learner.objects.filter(department__path__in=departments)
    add_members(cohort=cohort, learners=people, actor=hr(), source=Source.ADMIN, now=now)
    for track in tracks:
        assign_tracks(
            cohort=cohort, tracks=[track], starts_on=now.date(), due_rule=DueRule.AFTER_START, due_days=days[track.slug],
            actor=hr(), source=Source.ADMIN, now=now,
        )  # fmt: skip
    return cohort


def subscribe_managers(now: dt.datetime) -> None:
    """Every director hears of the own team once a month; HR hears of each cohort."""
    for external_id in ("V0001", MANAGER, "V0003", "V0004"):
        subscribe(
            recipient=person(external_id), cohort=None, cadence=Cadence.MONTHLY, hour=8, language="",
            actor=hr(), source=Source.ADMIN, now=now,
        )  # fmt: skip
    for cohort in Cohort.objects.all():
        subscribe(
            recipient=person(HR), cohort=cohort, cadence=Cadence.MONTHLY, hour=8, language="",
            actor=hr(), source=Source.ADMIN, now=now,
        )  # fmt: skip
