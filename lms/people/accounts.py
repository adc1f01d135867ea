"""The host's user model, whatever it is: which of its fields we fill, and how many accounts are written at once.

We speak to ``settings.AUTH_USER_MODEL`` only. Its name for signing in becomes the lower-cased e-mail address; names, address and the
active mark are kept in step where the model has them.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import DateTimeField, Field
from django.utils import timezone

from lms import sql


@dataclass(frozen=True)
class Person:
    """What an account says about somebody."""

    email: str
    first_name: str
    last_name: str
    is_active: bool = True


@dataclass(frozen=True)
class Account:
    """An account that has no learner: its name and address in lower case."""

    pk: Any
    username: str
    email: str
    is_superuser: bool


def unusable_password() -> str:
    """What Django stores for "cannot sign in with a password", quick enough for a hundred thousand: a prefix and 40 random signs."""
    return UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20)


class Accounts:
    """The fields of the user model by their meaning. Made anew where it is used: tests and hosts may swap the model."""

    def __init__(self) -> None:
        self.model: Any = get_user_model()
        self.names: set[str] = {field.name for field in self.model._meta.concrete_fields}
        self.username: str = self.model.USERNAME_FIELD
        email = self.model.get_email_field_name()
        self.email: str = email if email in self.names else ""

    def _has(self, name: str) -> bool:
        return name in self.names

    @cached_property
    def username_limit(self) -> int:
        field: Any = self.model._meta.get_field(self.username)
        return int(getattr(field, "max_length", None) or 254)

    @cached_property
    def kept(self) -> list[str]:
        """The fields that follow the directory, the sign-in name first."""
        wanted = [self.username, self.email, "first_name", "last_name", "is_active"]
        return list(dict.fromkeys(name for name in wanted if self._has(name)))

    def values(self, person: Person, username: str) -> dict[str, Any]:
        """What the kept fields hold for a person."""
        values: dict[str, Any] = {
            "first_name": self._cut("first_name", person.first_name),
            "last_name": self._cut("last_name", person.last_name),
            "is_active": person.is_active,
            self.email: person.email,
            self.username: username,
        }
        return {name: values[name] for name in self.kept}

    def _cut(self, name: str, text: str) -> str:
        limit = getattr(self.model._meta.get_field(name), "max_length", None) if self._has(name) else None
        return text[:limit] if limit else text

    def without_learner(self, emails: set[str]) -> dict[str, list[Account]]:
        """Accounts that nobody of ours has and that are called, or reached, by one of these addresses: one query."""
        found: dict[str, list[Account]] = {}
        if not emails:
            return found
        columns = ["pk", self.username, self.email or self.username, *(["is_superuser"] if self._has("is_superuser") else [])]
        rows = self.model._default_manager.filter(learner__isnull=True).order_by().values_list(*columns)
        for pk, username, email, *rest in rows.iterator(chunk_size=5000):
            account = Account(pk, str(username).lower(), str(email or "").lower(), bool(rest and rest[0]))
            for address in {account.username, account.email} & emails:
                found.setdefault(address, []).append(account)
        return found

    def insert(self, people: Iterable[Person], keys: Sequence[Any], *, now: dt.datetime) -> int:
        """Write new accounts with unusable passwords and the primary keys given. No signal is sent, as for any bulk insert."""
        others = [
            field
            for field in self.model._meta.concrete_fields
            if not field.primary_key and field.name not in self.kept and not getattr(field, "generated", False)
        ]
        makers = [_maker(field, now) for field in others]
        names = [self.model._meta.pk.name, *self.kept, *(field.name for field in others)]
        return sql.insert_rows(self.model, names, self._rows(people, keys, makers))

    def _rows(self, people: Iterable[Person], keys: Sequence[Any], makers: list[Callable[[], Any]]) -> Iterator[list[Any]]:
        for key, person in zip(keys, people, strict=True):
            yield [key, *self.values(person, person.email).values(), *(make() for make in makers)]

    def update(self, rows: Iterable[tuple[Any, dict[str, Any]]]) -> int:
        """Write the kept fields of existing accounts: (primary key, values)."""
        return sql.update_rows(self.model, self.kept, ([key, *(values[name] for name in self.kept)] for key, values in rows))


def _maker(field: Field, now: dt.datetime) -> Callable[[], Any]:
    """What gives a field its value in a new account."""
    if field.name == "password":
        return unusable_password
    if isinstance(field, DateTimeField) and (field.auto_now or field.auto_now_add or field.default is timezone.now):
        return lambda: now
    if callable(field.default):
        return field.get_default
    value = field.get_default()
    return lambda: value
