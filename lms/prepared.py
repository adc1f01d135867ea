"""A question that is asked on every page, compiled once.

Building a queryset and compiling it to SQL costs more than a millisecond where it has conditions and subqueries: often more than the
database takes to answer. Where a page asks the same question for everybody, with other values, `Prepared` keeps the compiled statement.
The queryset stays the only place that says what is asked; nothing here knows what it means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

Value = int | str | dt.date | UUID
# The value that goes to the database instead of a placeholder.
_Fill = Callable[[dict[str, Any]], Any]


class _Compiled(NamedTuple):
    sql: str
    fills: list[_Fill]
    converters: list[Any]
    #: Makes an object out of a row; None where the queryset answers values.
    to_object: Callable[[Sequence[Any]], Model] | None


class Prepared:
    """``make`` gets a placeholder for each name in ``kinds`` (an int, a text, a date or a UUID) and answers a queryset: ``values_list``
    for ``rows``, of a model (also with ``select_related``, ``defer`` and annotations, not with prefetches) for ``objects``.

    A text may be part of a pattern; it must then hold no sign that patterns give a meaning. No value may be None: a condition on None
    is another statement.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **kinds: type[Value]) -> None:
        self.make = make
        self.placeholders: dict[str, Value] = {name: _placeholder(kind, n) for n, (name, kind) in enumerate(kinds.items(), 1)}
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
        used: set[str] = set()
        fills = [self._fill(param, used) for param in params]
        if used != set(self.placeholders):
            raise ValueError(f"Not in the statement: {sorted(set(self.placeholders) - used)}")
        found = compiler.get_converters([selected[0] for selected in compiler.select])
        converters = [(place, functions, expression) for place, (functions, expression) in found.items()]
        return _Compiled(sql, fills, converters, _maker(compiler) if issubclass(queryset._iterable_class, ModelIterable) else None)

    def _fill(self, param: Any, used: set[str]) -> _Fill:
        """How to make this parameter from the values: the database's own kind of number, a date's text, a pattern."""
        for name, placeholder in self.placeholders.items():
            if isinstance(placeholder, int) and isinstance(param, int) and param == placeholder:
                used.add(name)
                kind = type(param)
                return lambda values: kind(values[name])
            if isinstance(placeholder, dt.date | UUID) and param == placeholder:
                used.add(name)
                return lambda values: values[name]
            if isinstance(placeholder, UUID) and param == placeholder.hex:  # where the database has no type for it
                used.add(name)
                return lambda values: values[name].hex
            if isinstance(param, str) and not isinstance(placeholder, int | UUID) and str(placeholder) in param:
                used.add(name)
                return lambda values: param.replace(str(placeholder), str(values[name]))
        return lambda values: param


def _placeholder(kind: type[Value], number: int) -> Value:
    """A value that occurs in no statement of its own."""
    if issubclass(kind, dt.date):
        return dt.date(1000, 1, number)
    if issubclass(kind, UUID):
        return UUID(int=number)
    # No placeholder is the beginning of another one.
    return -(10**12) - number if issubclass(kind, int) else f"placeholder{number:04}"


def _maker(compiler: Any) -> Callable[[Sequence[Any]], Model]:
    """As Django's own ``ModelIterable`` does, with what depends on the statement alone taken out of the loop."""
    database, select, info = DEFAULT_DB_ALIAS, compiler.select, compiler.klass_info
    model, start, end = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [selected[0].target.attname for selected in select[start:end]]
    related = get_related_populators(info, select, database)
    annotations = list(compiler.annotation_col_map.items())

    def make(row: Sequence[Any]) -> Model:
        made: Model = model.from_db(database, names, row[start:end])
        for populator in related:
            populator.populate(row, made)
        for name, place in annotations:
            setattr(made, name, row[place])
        return made

    return make
