"""Unfold's side bar in HR's words, and the admin's clothes. A host's plain admin has its own list and needs none of this."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.admin.base import permitted
from lms.templatetags.lms_pages import FONTS, are_fonts_built

#: Addresses under a list that have an entry of their own.
OWN_ENTRY = ("/champion/desk/", "/assignment/assign/")


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every page of the admin gets: our faces where they are built, and where the language switch comes back to."""
    styles = [static("lms/admin/theme.css")]
    if are_fonts_built():
        styles.insert(0, static(FONTS))
    return {"styles": styles, "scripts": [static("lms/admin/frame.js")], "redirect_to": request.get_full_path()}


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of places; each is shown to whoever may open it."""
    index = reverse("admin:index")
    today = {
        "title": _("Today"),
        "icon": "today",
        "link": index,
        "active": request.path == index,
        "permission": permitted("lms.view_learner"),
    }
    return [
        {"items": [today]},
        {
            "title": _("People"),
            "items": [
                _item(request, _("Learners"), "group", "lms_learner_changelist", "lms.view_learner"),
                _item(
                    request, _("Directory imports"), "upload_file", "lms_directoryimport_changelist", "lms.view_directoryimport"
                ),
                _item(request, _("Departments"), "account_tree", "lms_department_changelist", "lms.view_department"),
                _item(request, _("Sites and holidays"), "location_on", "lms_site_changelist", "lms.view_site"),
                _item(request, _("Leave"), "beach_access", "lms_leave_changelist", "lms.view_leave"),
            ],
        },
        {
            "title": _("Learning"),
            "items": [
                _item(request, _("Cohorts"), "groups", "lms_cohort_changelist", "lms.view_cohort"),
                _item(request, _("Assign tracks"), "assignment_add", "lms_assignment_assign", "lms.assign_tracks"),
                _item(request, _("Assignments"), "assignment", "lms_assignment_changelist", "lms.view_assignment"),
                _item(request, _("Enrolments"), "school", "lms_enrolment_changelist", "lms.view_enrolment"),
            ],
        },
        {
            "title": _("Help"),
            "items": [
                _item(request, _("Champions"), "volunteer_activism", "lms_champion_changelist", "lms.view_champion"),
                _item(request, _("Questions without a champion"), "contact_support", "lms_champion_desk", "lms.lead_champions"),
            ],
        },
        {
            "title": _("Reports and mails"),
            "items": [
                _item(
                    request,
                    _("Report subscriptions"),
                    "schedule_send",
                    "lms_reportsubscription_changelist",
                    "lms.view_reportsubscription",
                ),
                _item(request, _("Reports"), "monitoring", "lms_report_changelist", "lms.view_report"),
                _item(request, _("Reminders"), "notifications", "lms_nudge_changelist", "lms.view_nudge"),
                _item(request, _("Other mails"), "mail", "lms_message_changelist", "lms.view_message"),
            ],
        },
        {
            "title": _("Content"),
            "items": [
                _item(request, _("Tracks"), "conversion_path", "courses_track_changelist", "courses.view_track"),
                _item(request, _("Modules"), "view_module", "courses_module_changelist", "courses.view_module"),
                _item(request, _("Activities"), "menu_book", "courses_activity_changelist", "courses.view_activity"),
                _item(request, _("Paths"), "route", "courses_learningpath_changelist", "courses.view_learningpath"),
                _item(request, _("Roles"), "badge", "courses_role_changelist", "courses.view_role"),
                _item(request, _("Portraits"), "person_book", "courses_portrait_changelist", "courses.view_portrait"),
                _item(request, _("Use cases"), "lightbulb", "courses_usecase_changelist", "courses.view_usecase"),
                _item(
                    request,
                    _("Training offers"),
                    "local_library",
                    "courses_trainingoffer_changelist",
                    "courses.view_trainingoffer",
                ),
                _item(request, _("Glossary"), "dictionary", "courses_term_changelist", "courses.view_term"),
                _item(request, _("Facts"), "fact_check", "courses_fact_changelist", "courses.view_fact"),
                _item(request, _("Practice papers"), "folder_open", "courses_document_changelist", "courses.view_document"),
                _item(
                    request, _("Published versions"), "history_edu", "courses_packversion_changelist", "courses.view_packversion"
                ),
            ],
        },
        {
            "title": _("Control"),
            "items": [
                _item(request, _("Audit trail"), "receipt_long", "lms_auditentry_changelist", "lms.view_auditentry"),
                _item(request, _("Accounts"), "manage_accounts", "auth_user_changelist", "auth.view_user"),
                _item(request, _("Groups and rights"), "key", "auth_group_changelist", "auth.view_group"),
            ],
        },
    ]


def _item(request: HttpRequest, title: str, icon: str, name: str, permission: str) -> dict[str, Any]:
    link = reverse(f"admin:{name}")
    others = [part for part in OWN_ENTRY if part in request.path and part not in link]
    return {
        "title": title,
        "icon": icon,
        "link": link,
        "active": request.path.startswith(link) and not others,
        "permission": permitted(permission),
    }
