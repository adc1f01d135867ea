"""People and their learning: the tables, one file per noun."""

from lms.models.assignment import Assignment
from lms.models.attempt import Attempt
from lms.models.audit import AuditEntry
from lms.models.champion import Champion, Contest, HelpRequest
from lms.models.cohort import Cohort, CohortInvitation, CohortMembership
from lms.models.completion import Completion
from lms.models.department import Department
from lms.models.directory_import import DirectoryImport
from lms.models.enrolment import Enrolment, EnrolmentReason
from lms.models.journal import JournalEntry
from lms.models.learner import Learner, Leave, ReportingLine
from lms.models.message import Message
from lms.models.nudge import Nudge, NudgeOptOut
from lms.models.report import Report, ReportSubscription
from lms.models.site import NonWorkingDay, Site

__all__ = [
    "Assignment",
    "Attempt",
    "AuditEntry",
    "Champion",
    "Cohort",
    "CohortInvitation",
    "CohortMembership",
    "Completion",
    "Contest",
    "Department",
    "DirectoryImport",
    "Enrolment",
    "EnrolmentReason",
    "HelpRequest",
    "JournalEntry",
    "Learner",
    "Leave",
    "Message",
    "NonWorkingDay",
    "Nudge",
    "NudgeOptOut",
    "Report",
    "ReportSubscription",
    "ReportingLine",
    "Site",
]
