"""Set-based statements that the ORM cannot say, for PostgreSQL and SQLite alike.

The SELECT always comes from an ORM queryset and the names from the model, so that a rename breaks a test and not a night's job.
Nothing here knows what a learner or an enrolment means; the rooms do. Every function returns how many rows it changed, and works
inside the caller's transaction.
"""

# ruff: noqa: S608 - what is put into the text are names from the models; values are always parameters.

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, QuerySet

#: Rows per statement where a database takes rows from us and not from its own tables.
BATCH = 5000
#: A hierarchy that is deeper than this runs in a circle.
DEEPEST = 100


def _connection(model: type[Model]) -> BaseDatabaseWrapper:
    return connections[router.db_for_write(model)]


def _name(field: Field, connection: BaseDatabaseWrapper) -> str:
    if not field.column:
        raise FieldDoesNotExist(f"{field} has no column")
    return connection.ops.quote_name(field.column)


def _field(model: type[Model], name: str) -> Field:
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(f"{model._meta.label}.{name} has no column")
    return field


def _columns(model: type[Model], names: Sequence[str], connection: BaseDatabaseWrapper) -> list[str]:
    return [_name(_field(model, name), connection) for name in names]


def _compiled(source: QuerySet[Any, Any], connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
    """The queryset's own SQL, without an order: rows are put into a set."""
    sql, params = source.order_by().query.get_compiler(connection=connection).as_sql()
    return sql, tuple(params)


def _differs(connection: BaseDatabaseWrapper) -> str:
    """The operator "is another value, or only one of the two is null"."""
    return "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"


def batches(rows: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Lists of at most ``size`` rows."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


#: From so many new rows on a table has grown enough for the planner to be told at once.
GROWN = 1000


def has_grown(model: type[Model], rows: int) -> None:
    """Tell PostgreSQL's planner that a table has just grown by ``rows``, inside the transaction that filled it.

    Its statistics follow by themselves within minutes; until then a table of a hundred thousand rows counts as empty, and the next
    statement joins it row by row. SQLite plans without statistics.
    """
    connection = _connection(model)
    if rows >= GROWN and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def insert_select(
    model: type[Model],
    names: Sequence[str],
    source: QuerySet[Any, Any],
    *,
    unique: Sequence[str] = (),
    reopen: str = "",
) -> int:
    """INSERT … SELECT … ON CONFLICT: ``source`` selects the fields ``names``, in that order.

    A row that any constraint knows already is left alone. With ``reopen`` (the name of a moment) the row with the same ``unique``
    fields takes the new values if that moment is set, and the moment is cleared: a closed row comes back.
    """
    connection = _connection(model)
    table = connection.ops.quote_name(model._meta.db_table)
    columns = _columns(model, names, connection)
    select, params = _compiled(source, connection)
    if reopen:
        moment = _name(_field(model, reopen), connection)
        kept = _columns(model, unique, connection)
        changes = [f"{column} = excluded.{column}" for column in columns if column not in kept] + [f"{moment} = NULL"]
        conflict = f"({', '.join(kept)}) DO UPDATE SET {', '.join(changes)} WHERE {table}.{moment} IS NOT NULL"
    else:
        conflict = "DO NOTHING"
    # "WHERE true" keeps SQLite from reading ON CONFLICT as a join.
    sql = (
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"WITH source({', '.join(columns)}) AS ({select}) SELECT * FROM source WHERE true ON CONFLICT {conflict}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def update_select(model: type[Model], names: Sequence[str], source: QuerySet[Any, Any]) -> int:
    """UPDATE … FROM (SELECT …): ``source`` selects the primary key, then the fields ``names``; only rows that differ are written."""
    connection = _connection(model)
    table = connection.ops.quote_name(model._meta.db_table)
    key, *columns = _columns(model, [_key(model).name, *names], connection)
    select, params = _compiled(source, connection)
    changes = ", ".join(f"{column} = source.{column}" for column in columns)
    differs = " OR ".join(f"{table}.{column} {_differs(connection)} source.{column}" for column in columns)
    sql = (
        f"UPDATE {table} SET {changes} FROM (WITH chosen({key}, {', '.join(columns)}) AS ({select}) SELECT * FROM chosen) AS source "
        f"WHERE {table}.{key} = source.{key} AND ({differs})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def insert_rows(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Many rows from Python, as fast as the database takes them: COPY on PostgreSQL, batches elsewhere. No signal is sent."""
    connection = _connection(model)
    converters = [_converter(_field(model, name), connection) for name in names]
    ready = (
        [value if convert is None or value is None else convert(value) for convert, value in zip(converters, row, strict=True)]
        for row in rows
    )
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(_columns(model, names, connection))
    count = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and hasattr(cursor, "copy"):
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in ready:
                    copy.write_row(row)
                    count += 1
            return count
        sql = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(names))})"
        for batch in batches(ready):
            cursor.executemany(sql, batch)
            count += len(batch)
    return count


def update_rows(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Give many rows values of their own: each row is its primary key, then the fields ``names``. One statement a batch."""
    connection = _connection(model)
    fields = [_key(model), *(_field(model, name) for name in names)]
    table = connection.ops.quote_name(model._meta.db_table)
    key, *columns = [_name(field, connection) for field in fields]
    if connection.vendor == "sqlite":
        picked = ", ".join(f"json_extract(value, '$[{n}]') AS {c}" for n, c in enumerate([key, *columns]))
        given = f"(SELECT {picked} FROM json_each(%s)) AS source"
    else:
        typed = ", ".join(f"{_name(f, connection)} {f.db_type(connection)}" for f in fields)
        given = f"jsonb_to_recordset(%s::jsonb) AS source({typed})"
    changes = ", ".join(f"{column} = source.{column}" for column in columns)
    sql = f"UPDATE {table} SET {changes} FROM {given} WHERE {table}.{key} = source.{key}"
    count = 0
    with connection.cursor() as cursor:
        for batch in batches(rows):
            ready = [[_plain(value, field, connection) for value, field in zip(row, fields, strict=True)] for row in batch]
            document = (
                ready if connection.vendor == "sqlite" else [dict(zip((f.column for f in fields), r, strict=True)) for r in ready]
            )
            cursor.execute(sql, [json.dumps(document, default=str, ensure_ascii=False)])
            count += int(cursor.rowcount)
    return count


def reserve_keys(model: type[Model], count: int) -> list[Any]:
    """Primary keys for ``count`` new rows, so that rows which point at each other can be written in one go."""
    key = _key(model)
    if not isinstance(key, models.AutoField | models.BigAutoField | models.SmallAutoField):
        return [key.get_default() for _ in range(count)]
    connection = _connection(model)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key.column, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # The writing transaction is the only one here: nobody can take the next numbers meanwhile.
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        last = int(cursor.fetchone()[0])
    return list(range(last + 1, last + 1 + count))


def one_at_a_time(model: type[Model], number: int) -> None:
    """Wait until no other transaction holds this lock; it is released when the transaction ends.

    SQLite has one writer anyway.
    """
    connection = _connection(model)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [0x0A55E, number])


def rebuild_closure(model: type[Model], *, edges: type[Model], parent: str, child_of: tuple[str, str]) -> int:
    """Make ``model`` hold the transitive closure of the edge ``parent`` of ``edges``: (ancestor, descendant, depth).

    ``child_of``: the fields of ``model`` for ancestor and descendant. Only rows that differ are written.
    """
    connection = _connection(model)
    quote = connection.ops.quote_name
    table, edge_table = quote(model._meta.db_table), quote(edges._meta.db_table)
    above, below, depth = _columns(model, [*child_of, "depth"], connection)
    up, key = _name(_field(edges, parent), connection), _name(_key(edges), connection)
    own_key = _name(_key(model), connection)
    walk = (
        f"WITH RECURSIVE walk(above, below, depth) AS ("
        f"SELECT {up}, {key}, 1 FROM {edge_table} WHERE {up} IS NOT NULL "
        f"UNION ALL SELECT e.{up}, w.below, w.depth + 1 FROM walk w JOIN {edge_table} e ON e.{key} = w.above "
        f"WHERE e.{up} IS NOT NULL AND w.depth < {DEEPEST})"
    )
    same = f"w.above = t.{above} AND w.below = t.{below} AND w.depth = t.{depth}"
    with connection.cursor() as cursor:
        # Joins, not EXISTS: a planner walks the whole line again for each row of an EXISTS with a recursion in it.
        cursor.execute(
            f"DELETE FROM {table} WHERE {own_key} IN "
            f"({walk} SELECT t.{own_key} FROM {table} t LEFT JOIN walk w ON {same} WHERE w.above IS NULL)"
        )
        changed = int(cursor.rowcount)
        cursor.execute(
            f"INSERT INTO {table} ({above}, {below}, {depth}) {walk} SELECT w.above, w.below, w.depth "
            f"FROM walk w LEFT JOIN {table} t ON {same} WHERE t.{own_key} IS NULL ON CONFLICT DO NOTHING"
        )
        return changed + int(cursor.rowcount)


def _key(model: type[Model]) -> Field:
    return model._meta.pk


_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.FloatField)


def _converter(field: Field, connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """What turns a Python value into the column's; None where it is stored as it is (most columns: it is called for every row)."""
    target: Any = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    if isinstance(target, models.JSONField):
        return lambda value: json.dumps(value, cls=target.encoder)
    if isinstance(target, _AS_THEY_ARE):
        return None
    return lambda value: target.get_db_prep_save(value, connection)


def _plain(value: Any, field: Field, connection: BaseDatabaseWrapper) -> Any:
    """The value as it stands in a JSON document that the database reads."""
    if value is None or isinstance(field, models.JSONField):
        return value
    convert = _converter(field, connection)
    return value if convert is None else convert(value)
