"""A statement that runs on every page, compiled once: a question (`Prepared`) or a change (`PreparedUpdate`).

Building a queryset and compiling it to SQL costs more than a millisecond where it has conditions and subqueries: often more than the
database takes to answer. Where a page asks the same question for everybody, with other values, the compiled statement is kept here.
The queryset stays the only place that says what is asked; nothing here knows what it means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql import UpdateQuery

Value = int | float | str | dt.date | dt.datetime | UUID | dict[str, Any]
# The value that goes to the database instead of a placeholder.
_Fill = Callable[[dict[str, Any]], Any]


class _Compiled(NamedTuple):
    sql: str
    fills: list[_Fill]
    converters: list[Any]
    #: Makes an object out of a row; None where the queryset answers values.
    to_object: Callable[[Sequence[Any]], Model] | None


class Prepared:
    """``make`` gets a placeholder for each name in ``kinds`` (a number, a text, a day, a moment, a UUID) and answers a queryset: ``values_list``
    for ``rows``, of a model (also with ``select_related``, ``defer`` and annotations, not with prefetches) for ``objects``.

    A text may be part of a pattern; it must then hold no sign that patterns give a meaning. No value may be None: a condition on None
    is another statement.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **kinds: type[Value]) -> None:
        self.make = make
        self.placeholders = _placeholders(kinds)
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, **values: Value) -> Iterator[tuple[Any, ...]]:
        """What the queryset would answer for these values. One query."""
        connection = connections[DEFAULT_DB_ALIAS]
        compiled = self._compiled_for(connection)
        with connection.cursor() as cursor:
            cursor.execute(compiled.sql, [fill(values) for fill in compiled.fills])
            found = cursor.fetchall()
        for row in found:
            if compiled.converters:
                changed = list(row)
                for place, functions, expression in compiled.converters:
                    for function in functions:
                        changed[place] = function(changed[place], expression, connection)
                yield tuple(changed)
            else:
                yield tuple(row)

    def objects(self, **values: Value) -> list[Any]:
        """The queryset's own objects for these values. One query."""
        to_object = self._compiled_for(connections[DEFAULT_DB_ALIAS]).to_object
        if to_object is None:
            raise TypeError("A queryset of values has no objects.")
        return [to_object(row) for row in self.rows(**values)]

    def _compiled_for(self, connection: BaseDatabaseWrapper) -> _Compiled:
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = self._compile(connection)
        return compiled

    def _compile(self, connection: BaseDatabaseWrapper) -> _Compiled:
        queryset = self.make(**self.placeholders)
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        fills = _fills(params, self.placeholders)
        found = compiler.get_converters([selected[0] for selected in compiler.select])
        converters = [(place, functions, expression) for place, (functions, expression) in found.items()]
        return _Compiled(
            sql, fills, converters, _maker(compiler, queryset) if issubclass(queryset._iterable_class, ModelIterable) else None
        )


class PreparedUpdate:
    """``make`` answers a queryset and what changes in its rows; it and the values are as for ``Prepared``, and a ``dict`` for JSON."""

    def __init__(self, make: Callable[..., tuple[QuerySet[Any], dict[str, Any]]], **kinds: type[Value]) -> None:
        self.make = make
        self.placeholders = _placeholders(kinds)
        self._compiled: dict[str, tuple[str, list[_Fill]]] = {}

    def run(self, **values: Value) -> int:
        """What ``QuerySet.update`` would do with these values; answers how many rows there were. One statement."""
        connection = connections[DEFAULT_DB_ALIAS]
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = self._compile(connection)
        sql, fills = compiled
        with transaction.mark_for_rollback_on_error(using=DEFAULT_DB_ALIAS), connection.cursor() as cursor:
            cursor.execute(sql, [fill(values) for fill in fills])
            return int(cursor.rowcount)

    def _compile(self, connection: BaseDatabaseWrapper) -> tuple[str, list[_Fill]]:
        queryset, changes = self.make(**self.placeholders)
        query = queryset.order_by().query.chain(UpdateQuery)
        query.add_update_values(changes)  # type: ignore[attr-defined]
        sql, params = query.get_compiler(connection=connection).as_sql()
        return sql, _fills(params, self.placeholders)


def _placeholders(kinds: dict[str, type[Value]]) -> dict[str, Value]:
    return {name: _placeholder(kind, number) for number, (name, kind) in enumerate(kinds.items(), 1)}


def _placeholder(kind: type[Value], number: int) -> Value:
    """A value that occurs in no statement of its own."""
    if issubclass(kind, dt.datetime):
        return dt.datetime(1000, 1, number, tzinfo=dt.UTC)
    if issubclass(kind, dt.date):
        return dt.date(1000, 1, number)
    if issubclass(kind, UUID):
        return UUID(int=number)
    if issubclass(kind, dict):
        return {"placeholder": number}
    if issubclass(kind, float):
        return -(10.0**12) - number - 0.5
    # No placeholder is the beginning of another one.
    return -(10**12) - number if issubclass(kind, int) else f"placeholder{number:04}"


def _fills(params: Sequence[Any], placeholders: dict[str, Value]) -> list[_Fill]:
    """How to make each parameter of a statement from the values."""
    used: set[str] = set()
    fills = [_fill(param, placeholders, used) for param in params]
    if used != set(placeholders):
        raise ValueError(f"Not in the statement: {sorted(set(placeholders) - used)}")
    return fills


def _fill(param: Any, placeholders: dict[str, Value], used: set[str]) -> _Fill:
    for name, placeholder in placeholders.items():
        fill = _fill_by(name, placeholder, param)
        if fill is not None:
            used.add(name)
            return fill
    return lambda values: param


def _fill_by(name: str, placeholder: Value, param: Any) -> _Fill | None:
    """The database's own kind of number, a moment as it is written there, a date's text, a pattern; None: it is not this placeholder."""
    kind = type(param)
    if isinstance(placeholder, int | float):
        found = isinstance(param, int | float) and param == placeholder
        return (lambda values: kind(values[name])) if found else None
    if isinstance(placeholder, dict):
        found = param == _json(placeholder) or getattr(param, "obj", None) == placeholder
        return (lambda values: _json(values[name])) if found else None
    if isinstance(placeholder, UUID):
        if param == placeholder.hex:  # where the database has no type for it
            return lambda values: values[name].hex
        return (lambda values: values[name]) if param == placeholder else None
    if isinstance(placeholder, dt.datetime):
        return (lambda values: _moment(values[name])) if param == _moment(placeholder) else None
    if isinstance(param, str) and str(placeholder) in param:
        return lambda values: param.replace(str(placeholder), str(values[name]))
    return (lambda values: values[name]) if param == placeholder else None


def _json(value: Any) -> Any:
    return connections[DEFAULT_DB_ALIAS].ops.adapt_json_value(value, None)


def _moment(value: dt.datetime) -> Any:
    return connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(value)


def _maker(compiler: Any, queryset: Any) -> Callable[[Sequence[Any]], Model]:
    """As Django's own ``ModelIterable`` does, with what depends on the statement alone taken out of the loop."""
    database, select, info = DEFAULT_DB_ALIAS, compiler.select, compiler.klass_info
    model, start, end = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [selected[0].target.attname for selected in select[start:end]]
    # Later versions of Django also ask how a deferred field is fetched.
    fetched = [queryset._fetch_mode] if hasattr(queryset, "_fetch_mode") else []
    related = get_related_populators(info, select, database, *fetched)
    annotations = list(compiler.annotation_col_map.items())

    def make(row: Sequence[Any]) -> Model:
        made: Model = model.from_db(database, names, row[start:end])
        for populator in related:
            populator.populate(row, made)
        for name, place in annotations:
            setattr(made, name, row[place])
        return made

    return make
