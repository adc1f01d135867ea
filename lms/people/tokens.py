"""Links with which somebody sets a password: the welcome mail's and "I have lost my password". Good for
``LMS["WELCOME_LINK_DAYS"]`` days, once, and only while the person works here."""

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_decode, urlsafe_base64_encode

from lms import clock
from lms.conf import conf
from lms.models import Learner

_EPOCH = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)


class LinkTokens(PasswordResetTokenGenerator):
    """Django's tokens (they end when the password, the address or the last sign-in changes), by our clock and our number of days."""

    key_salt = "lms.people.tokens"

    def make(self, user: Any, now: dt.datetime) -> str:
        return self._make_token_with_timestamp(user, _seconds(now), self.secret)

    def check(self, user: Any, token: str, now: dt.datetime) -> bool:
        stamp, _dash, _rest = token.partition("-")
        try:
            made = base36_to_int(stamp)
        except ValueError:
            return False
        expected = self._make_token_with_timestamp(user, made, self.secret)
        age = _seconds(now) - made
        # A machine whose clock runs a little ahead of the one that made the link is no forger.
        return constant_time_compare(expected, token) and -300 <= age <= conf.WELCOME_LINK_DAYS * 86_400

    def make_token(self, user: Any) -> str:
        return self.make(user, clock.now())

    def check_token(self, user: Any, token: str | None) -> bool:
        """As Django's page for a new password asks it; a closed account has no link."""
        return user is not None and bool(token) and user.is_active and self.check(user, str(token), clock.now())


#: For the page behind the link: the one maker and judge of its tokens.
link_tokens = LinkTokens()


def _seconds(now: dt.datetime) -> int:
    return int((now - _EPOCH).total_seconds())


def password_link(learner: Learner, *, now: dt.datetime | None = None) -> str:
    """The absolute address where this person sets a password. Made while a mail is rendered; it is never stored."""
    user = learner.user
    parts = {"uidb64": urlsafe_base64_encode(force_bytes(user.pk)), "token": link_tokens.make(user, now or clock.now())}
    return conf.BASE_URL.rstrip("/") + reverse("lms:set_password", kwargs=parts)


def user_of_link(uidb64: str, token: str, *, now: dt.datetime | None = None) -> Any | None:
    """The user whose link this is; None when it is forged, used, too old, or its owner's account is closed."""
    model = get_user_model()
    try:
        key = model._meta.pk.to_python(urlsafe_base64_decode(uidb64).decode("ascii"))
        user = model._default_manager.filter(pk=key).first()
    except (ValueError, OverflowError, ValidationError, UnicodeDecodeError):
        return None
    if user is None or not user.is_active or not link_tokens.check(user, token, now or clock.now()):
        return None
    return user
