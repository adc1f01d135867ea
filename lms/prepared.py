"""A question that is asked on every page, compiled once.

Building a queryset and compiling it to SQL costs more than a millisecond where it has conditions and subqueries: often more than the
database takes to answer. Where a page asks the same question for everybody, with other values, `Prepared` keeps the compiled statement.
The queryset stays the only place that says what is asked; nothing here knows what it means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

Value = int | str | dt.date
# The value that goes to the database instead of a placeholder.
_Fill = Callable[[dict[str, Any]], Any]


class Prepared:
    """``make`` gets a placeholder for each name in ``kinds`` (an int, a text or a date) and answers a ``values_list`` queryset.

    A text may be part of a pattern; it must then hold no sign that patterns give a meaning. No value may be None: a condition on None
    is another statement.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **kinds: type[Value]) -> None:
        self.make = make
        self.placeholders: dict[str, Value] = {name: _placeholder(kind, n) for n, (name, kind) in enumerate(kinds.items(), 1)}
        self._compiled: dict[str, tuple[str, list[_Fill], list[Any]]] = {}

    def rows(self, **values: Value) -> Iterator[tuple[Any, ...]]:
        """What the queryset would answer for these values. One query."""
        connection = connections[DEFAULT_DB_ALIAS]
        compiled = self._compiled.get(connection.vendor)
        if compiled is None:
            compiled = self._compiled[connection.vendor] = self._compile(connection)
        sql, fills, converters = compiled
        with connection.cursor() as cursor:
            cursor.execute(sql, [fill(values) for fill in fills])
            found = cursor.fetchall()
        for row in found:
            if converters:
                changed = list(row)
                for place, functions, expression in converters:
                    for function in functions:
                        changed[place] = function(changed[place], expression, connection)
                yield tuple(changed)
            else:
                yield tuple(row)

    def _compile(self, connection: BaseDatabaseWrapper) -> tuple[str, list[_Fill], list[Any]]:
        compiler = self.make(**self.placeholders).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        used: set[str] = set()
        fills = [self._fill(param, used) for param in params]
        if used != set(self.placeholders):
            raise ValueError(f"Not in the statement: {sorted(set(self.placeholders) - used)}")
        found = compiler.get_converters([selected[0] for selected in compiler.select])
        return sql, fills, [(place, functions, expression) for place, (functions, expression) in found.items()]

    def _fill(self, param: Any, used: set[str]) -> _Fill:
        """How to make this parameter from the values: the database's own kind of number, a date's text, a pattern."""
        for name, placeholder in self.placeholders.items():
            if isinstance(placeholder, int) and isinstance(param, int) and param == placeholder:
                used.add(name)
                kind = type(param)
                return lambda values: kind(values[name])
            if isinstance(placeholder, dt.date) and param == placeholder:
                used.add(name)
                return lambda values: values[name]
            if isinstance(param, str) and not isinstance(placeholder, int) and str(placeholder) in param:
                used.add(name)
                return lambda values: param.replace(str(placeholder), str(values[name]))
        return lambda values: param


def _placeholder(kind: type[Value], number: int) -> Value:
    """A value that occurs in no statement of its own."""
    if issubclass(kind, dt.date):
        return dt.date(1000, 1, number)
    return -(10**12) - number if issubclass(kind, int) else f"placeholder{number}"
