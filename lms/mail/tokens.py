"""Links that work without signing in."""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from lms.conf import conf
from lms.models import Learner


def _signer() -> Signer:
    """No moment is signed into it: the link of an old mail must still stop what the mail is about. After a change of the secret key
    old links stay good as long as the old key stands in SECRET_KEY_FALLBACKS.
    """
    return Signer(salt="lms.mail.unsubscribe", sep=".")


def unsubscribe_token(learner: Learner | int, kind: str) -> str:
    """Proof that whoever holds it received a mail of that kind for that learner. ``kind`` is empty for all automatic mails."""
    pk = learner if isinstance(learner, int) else learner.pk
    return _signer().sign(f"{pk}-{kind}")


def read_unsubscribe_token(token: str) -> tuple[int, str] | None:
    """``(learner_id, kind)``, or None for anything that we did not sign."""
    try:
        pk, _dash, kind = _signer().unsign(token).partition("-")
    except BadSignature:
        return None
    return int(pk), kind


def absolute(path: str) -> str:
    """A path of ours as it stands in a mail."""
    return f"{conf.BASE_URL}{path}"


def unsubscribe_link(learner: Learner | int, kind: str) -> str:
    return absolute(reverse("lms:unsubscribe", args=[unsubscribe_token(learner, kind)]))
