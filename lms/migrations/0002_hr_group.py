"""HR's permission group: what an HR administrator needs, and no superuser. Journal, attempts and answers are not in it."""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUP = "HR"
VIEW = {
    "lms": [
        "assignment", "auditentry", "champion", "cohort", "cohortinvitation", "cohortmembership", "department", "directoryimport",
        "enrolment", "enrolmentreason", "learner", "leave", "message", "nonworkingday", "nudge", "report", "reportsubscription", "site",
    ],
    "courses": [
        "activity", "document", "domain", "fact", "item", "learningpath", "module", "pack", "packversion", "portrait", "reviewcard",
        "role", "rolelevel", "sector", "skill", "term", "track", "trainingoffer", "usecase",
    ],
}  # fmt: skip
ADD = ["assignment", "champion", "cohort", "directoryimport", "learner", "leave", "nonworkingday", "reportsubscription", "site"]
CHANGE = ["champion", "cohort", "learner", "leave", "nonworkingday", "reportsubscription", "site"]
DELETE = ["leave", "nonworkingday"]
SPECIAL = ["import_directory", "assign_tracks", "lead_champions"]


def wanted() -> set[tuple[str, str]]:
    names = {(app, f"view_{model}") for app, models in VIEW.items() for model in models}
    names |= {("lms", f"add_{model}") for model in ADD}
    names |= {("lms", f"change_{model}") for model in CHANGE}
    names |= {("lms", f"delete_{model}") for model in DELETE}
    return names | {("lms", codename) for codename in SPECIAL}


def make_group(apps, schema_editor):
    alias = schema_editor.connection.alias
    # Permissions are made after all migrations have run; this one needs them now.
    for label in VIEW:
        create_permissions(installed_apps.get_app_config(label), verbosity=0, using=alias, apps=installed_apps)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    group, _made = Group.objects.using(alias).get_or_create(name=GROUP)
    found = Permission.objects.using(alias).filter(
        content_type__app_label__in=list(VIEW), codename__in={codename for _app, codename in wanted()}
    )
    group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [
        ("lms", "0001_initial"),
        ("courses", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
