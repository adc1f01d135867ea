"""Short ways to write questions in the two formats, and to bring them into a pool."""

from __future__ import annotations

from pathlib import Path

import yaml

from courses.imports.actions import Import, import_questions

FILES = Path(__file__).parent / "files"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def quiz(*questions: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{"".join(questions)}</quiz>\n'


def question(kind: str, inner: str, name: str = "Q", text: str = "What?") -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>{inner}</question>\n'
    )


def answer(text: str, fraction: float | str, feedback: str = "", more: str = "") -> str:
    said = f"<feedback><text>{feedback}</text></feedback>" if feedback else ""
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{said}{more}</answer>'


def brought(folder: Path, content: str | bytes, **options: object) -> Import:
    """The import of a file with this content into a new pool of this folder."""
    path = folder / "source.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    given = {"into": folder / "pool.yaml", "language": "en", **options}
    return import_questions(path=path, **given)


def items(done: Import) -> list[dict[str, object]]:
    """The items of the written pool, read by another parser than our own."""
    return yaml.safe_load(done.pool.path.read_text(encoding="utf-8"))["items"]


def losses(done: Import) -> list[str]:
    return [loss.code for one in done.judged for loss in one.losses]


def reasons(done: Import) -> list[str]:
    return [one.reason.code for one in done.judged if one.reason]
