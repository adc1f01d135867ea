"""Who may call what; everything else is refused."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class IsLearner(BasePermission):
    """The signed-in user has a learner's profile."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated and hasattr(request.user, "learner"))


class IsHr(BasePermission):
    """HR: may see everybody. A write also needs the permission that the view names in ``write_permission``."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not (request.user and request.user.is_authenticated and request.user.has_perm("lms.view_learner")):
            return False
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return True
        return request.user.has_perm(view.write_permission)
