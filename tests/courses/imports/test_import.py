"""A file of questions becomes items of a pool, which stays a pool."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from courses.grading import best_response, grade
from courses.imports.actions import Import, import_questions
from courses.packs.reader import read_pack
from courses.problems import ProblemsFound
from tests.courses.imports.samples import answer, brought, items, losses, question, quiz, reasons
from tests.courses.packs.small import FILES, edited, write

TWO = "::One:: What? {=a#Yes ~b#No####Because.}\n\n::Two:: So? {T#no#yes####Because.}\n"
TWO_IN_FRENCH = "::One:: Quoi ? {=un#Oui ~deux#Non####Parce que.}\n\n::Deux:: Alors ? {T#non#oui####Parce que.}\n"


def into_small(folder: Path, text: str, **options: object) -> Import:
    """Into the pool of the small pack's first module."""
    pool = write(folder, FILES) / "modules/m1/quiz.yaml"
    return brought(folder, text, into=pool, prefix="m1-i", **options)


def problems_of(pack: Path) -> list[tuple[str, str]]:
    with pytest.raises(ProblemsFound) as found:
        read_pack(pack)
    return [(problem.code, problem.where) for problem in found.value.problems]


def test_with_both_languages_the_pack_is_sound(tmp_path: Path) -> None:
    french = tmp_path / "fr.gift"
    french.write_text(TWO_IN_FRENCH, encoding="utf-8")
    done = into_small(tmp_path, TWO, translations=(("fr", french),))
    assert done.of_translation == ()
    assert [one.missing(done.languages) for one in done.judged] == [{}, {}]
    found = [item for activity in read_pack(tmp_path).activities for item in activity.items if item.id.startswith("m1-i")]
    assert [item.id for item in found] == ["m1-i-one", "m1-i-two"]
    assert found[0].texts["fr"]["parts"] == {"a": "un", "b": "deux"}
    assert found[1].texts["fr"]["parts"] == {"statement-true": "Vrai", "statement-false": "Faux"}
    assert found[0].texts["fr"]["feedback"]["b"] == "<p>Non</p>"
    assert [
        grade(item.mechanic, item.payload, item.key, best_response(item.mechanic, item.payload, item.key)).score for item in found
    ] == [1, 1]


def test_with_one_language_publishing_asks_for_what_the_report_names(tmp_path: Path) -> None:
    done = into_small(tmp_path, "::One:: What? {=a#Yes ~b}")
    missing = done.judged[0].missing(done.languages)
    assert missing == {
        "prompt": ("fr",),
        "why": ("en", "fr"),
        "a": ("fr",),
        "b": ("fr",),
        "feedback.a": ("fr",),
        "feedback.b": ("en", "fr"),
    }
    # Feedback is not demanded and an absent text is asked for once, so that b's feedback is the report's alone.
    codes = [code for code, where in problems_of(tmp_path) if where.startswith("modules/m1/quiz.yaml")]
    assert sorted(codes) == ["language-missing", "language-missing", "missing"]


def test_new_items_go_behind_the_old_ones_which_keep_every_sign(tmp_path: Path) -> None:
    old = (
        FILES["modules/m1/quiz.yaml"].replace("  - id: m1-q-two", "  # The second one, by Ada.\n  - id: m1-q-two")
        + "  # The end.\n"
    )
    pool = write(tmp_path, FILES | {"modules/m1/quiz.yaml": old}) / "modules/m1/quiz.yaml"
    brought(tmp_path, TWO, into=pool)
    assert pool.read_text(encoding="utf-8").startswith(old)
    assert [item["id"] for item in yaml.safe_load(pool.read_text(encoding="utf-8"))["items"]] == [
        "m1-q-one",
        "m1-q-two",
        "one",
        "two",
    ]


def test_line_ends_of_the_pool_stay_as_they_were(tmp_path: Path) -> None:
    old = FILES["modules/m1/quiz.yaml"].replace("\n", "\r\n").encode()
    (tmp_path / "pool.yaml").write_bytes(old)
    content = brought(tmp_path, TWO).pool.path.read_bytes()
    assert content.startswith(old)
    assert content.count(b"\n") == content.count(b"\r\n")


def test_items_stay_inside_their_list_where_another_name_follows(tmp_path: Path) -> None:
    old = "# A pool.\nitems:\n- id: old\n  group: core\n  # inside\n\n# How many.\ndraw: {core: 1}\n"
    pool = tmp_path / "pool.yaml"
    pool.write_text(old, encoding="utf-8")
    done = brought(tmp_path, "::One:: So? {T}")
    text = pool.read_text(encoding="utf-8")
    assert text.startswith("# A pool.\nitems:\n- id: old\n  group: core\n  # inside\n\n# From source.txt:1")
    assert text.endswith("\n\n# How many.\ndraw: {core: 1}\n")
    assert [item["id"] for item in items(done)] == ["old", "one"]


@pytest.mark.parametrize(
    "waiting", ["draw: {core: 1}\nitems: []\n", "draw: {core: 1}\nitems:\n", "items: null # none yet\ndraw: {core: 1}\n"]
)
def test_a_pool_that_waits_for_its_first_item_gets_it(tmp_path: Path, waiting: str) -> None:
    (tmp_path / "pool.yaml").write_text(waiting, encoding="utf-8")
    done = brought(tmp_path, "::One:: So? {T}")
    assert [item["id"] for item in items(done)] == ["one"]
    assert yaml.safe_load(done.pool.path.read_text(encoding="utf-8"))["draw"] == {"core": 1}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("pool.yaml", "items: [{id: a}]\n", "items"),
        ("pool.yaml", "- id: a\n", "no-pool"),
        ("pool.yaml", "items: {a: b}\n", "no-pool"),
        ("pool.yaml", "items:\n  - &x {id: a}\n", "alias"),
        ("pool.txt", "", "suffix"),
        ("none/pool.yaml", None, "no-folder"),
    ],
)
def test_a_pool_that_cannot_be_added_to_is_told_and_left_alone(tmp_path: Path, name: str, content: str | None, code: str) -> None:
    pool = tmp_path / name
    if content is not None:
        pool.write_text(content, encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        brought(tmp_path, TWO, into=pool)
    assert [problem.code for problem in found.value.problems] == [code]
    assert content is None or pool.read_text(encoding="utf-8") == content


def test_a_second_import_adds_nothing_and_says_so(tmp_path: Path) -> None:
    first = brought(tmp_path, TWO).pool.path.read_bytes()
    again = brought(tmp_path, TWO + "\n::Three:: New? {F}")
    assert reasons(again) == ["already-there", "already-there"]
    assert again.pool.path.read_bytes().startswith(first)
    assert [item["id"] for item in items(again)] == ["one", "two", "three"]


def test_ids_are_safe_unique_in_the_pack_and_say_what_they_name(tmp_path: Path) -> None:
    done = into_small(
        tmp_path,
        "::Q one:: A? {T}\n\n::Q one:: B? {T}\n\n::../../Élan d’été!:: C? {T}\n\n::日本:: 日本 {T}\n\nWhat is 2 < 3? {T}",
        group="extra",
    )
    assert [one.item.id for one in done.judged] == [
        "m1-i-q-one",
        "m1-i-q-one-2",
        "m1-i-elan-d-ete",
        "m1-i-question-4",
        "m1-i-what-is-2-3",
    ]
    assert done.draws_nothing
    other = brought(tmp_path, "::Recap any:: A? {T}", into=tmp_path / "modules/m1/quiz.yaml", prefix="m1")
    assert [one.item.id for one in other.judged] == ["m1-recap-any-2"]  # a variant of an exercise is called m1-recap-any


@pytest.mark.parametrize(
    ("options", "code"),
    [({"language": "de"}, "language"), ({"group": "Core 1"}, "group"), ({"prefix": "Ä"}, "prefix")],
)
def test_options_that_would_not_publish_are_refused(tmp_path: Path, options: dict[str, str], code: str) -> None:
    pool = write(tmp_path, FILES) / "modules/m1/quiz.yaml"
    with pytest.raises(ProblemsFound) as found:
        brought(tmp_path, TWO, into=pool, **options)
    assert [problem.code for problem in found.value.problems] == [code]


def test_a_trial_writes_nothing(tmp_path: Path) -> None:
    done = brought(tmp_path, TWO, dry_run=True)
    assert len(done.carried) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["source.txt"]


def test_a_translation_that_differs_is_told_and_left_out(tmp_path: Path) -> None:
    french = tmp_path / "fr.gift"
    french.write_text("::One:: Quoi ? {~un =deux}\n\n::Deux:: Alors ? {T}\n\n::Trois:: De plus ? {T}", encoding="utf-8")
    done = brought(tmp_path, TWO, translations=(("fr", french),))
    assert [(problem.code, problem.where) for problem in done.of_translation] == [
        ("no-counterpart", "source.txt:3"),
        ("no-counterpart", "fr.gift:3"),
        ("no-counterpart", "fr.gift:5"),
        ("differs", "fr.gift:1"),
    ]
    assert [item["prompt"] for item in items(done)] == [{"en": "What?"}, {"en": "So?"}]


def only_item(folder: Path, source: str) -> dict[str, object]:
    [item] = items(brought(folder, source))
    return item


NUMBER = "<units><unit><multiplier>1</multiplier><unit_name>h</unit_name></unit></units>"
TOLERANCE: Callable[[float], str] = "<tolerance>{}</tolerance>".format


def test_numbers_keep_their_tolerance_as_a_share(tmp_path: Path) -> None:
    half = answer("200", 50, more=TOLERANCE(20))
    item = only_item(tmp_path, quiz(question("numerical", answer("200", 100, more=TOLERANCE(5)) + half + NUMBER)))
    assert item["key"] == {"fields": {"answer": {"value": 200, "full": 0.025, "half": 0.1}}}
    assert item["payload"]["fields"] == [{"id": "answer", "text": {"en": "Your answer"}, "unit": "h"}]
    for said, score in [("205", 1), ("195", 1), ("205.1", 0.5), ("220", 0.5), ("221", 0)]:
        assert grade("calculate", item["payload"], item["key"], {"fields": {"answer": said}}).score == score


@pytest.mark.parametrize(
    ("inner", "lost", "refused"),
    [
        (answer("0", 100, more=TOLERANCE(0.5)), [], []),
        (answer("1", 100, more=TOLERANCE(1)), [], ["tolerance"]),
        (answer("6.02e23", 100), [], ["number"]),
        (answer("5", 0), [], ["nothing-right"]),
        (answer("5", 100) + answer("7", 100), ["number"], []),
        (answer("5", 100) + answer("*", 0, "No"), ["feedback"], []),
    ],
)
def test_numbers_that_do_not_fit_are_told(tmp_path: Path, inner: str, lost: list[str], refused: list[str]) -> None:
    done = brought(tmp_path, quiz(question("numerical", inner)))
    assert (losses(done), reasons(done)) == (lost, refused)


@pytest.mark.parametrize(
    ("inner", "lost", "refused"),
    [
        (answer("a", 50) + answer("b", 50) + answer("c", -100), [], []),
        (answer("a", 70) + answer("b", 30) + answer("c", 0), ["weights"], []),
        (answer("a", 100) + answer("b", 0) + answer("c", -50), ["weights"], []),
        (answer("a", 50) + answer("b", 50), [], ["everything-correct"]),
        (answer("a", 0) + answer("b", 0), [], ["nothing-right"]),
        (answer("a", 100) + answer("a", 0), [], ["same-text"]),
        (answer("a", 100) + answer(" ", 0), [], ["no-text"]),
        (answer("a", 100), [], ["empty"]),
    ],
)
def test_several_right_answers(tmp_path: Path, inner: str, lost: list[str], refused: list[str]) -> None:
    done = brought(tmp_path, quiz(question("multichoice", inner + "<single>false</single>")))
    assert (losses(done), reasons(done)) == (lost, refused)


def test_cards_and_places_do_not_stand_beside_each_other(tmp_path: Path) -> None:
    item = only_item(tmp_path, "Match. {=zebra -> stripes =ant -> six legs =tiger -> stripes = -> wings}")
    assert item["key"] == {"bin_of": {"zebra": "stripes", "ant": "six-legs", "tiger": "stripes"}}
    assert [entry["id"] for entry in item["payload"]["bins"]] == ["six-legs", "stripes", "wings"]


def test_an_order_is_not_given_away(tmp_path: Path) -> None:
    numbered = "".join(answer(text, place) for text, place in [("send", 3), ("collect", 1), ("review", 2)])
    item = only_item(tmp_path, quiz(question("ordering", numbered)))
    assert item["key"] == {"tier_of": {"collect": 3, "review": 2, "send": 1}}
    assert [entry["id"] for entry in item["payload"]["items"]] == ["collect", "review", "send"]


def test_the_pool_is_too_large_to_publish(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        brought(tmp_path, "\n\n".join(f"::Q{number}:: {'word ' * 400}? {{T}}" for number in range(600)))
    assert [problem.code for problem in found.value.problems] == ["pool-too-large"]
    assert not (tmp_path / "pool.yaml").exists()


def test_a_file_in_the_place_of_the_pool_keeps_its_rights(tmp_path: Path) -> None:
    pool = write(tmp_path, edited("modules/m1/quiz.yaml", "core: 1", "core: 2")) / "modules/m1/quiz.yaml"
    pool.chmod(0o640)
    import_questions(path=write(tmp_path, {"q.gift": TWO}) / "q.gift", into=pool, language="en")
    assert pool.stat().st_mode & 0o777 == 0o640
