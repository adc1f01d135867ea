"""The shipped content, all of it: what the publisher cannot refuse and a reader would notice."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from html import unescape

import pytest

from courses.grading import best_response, constant_responses, grade
from courses.management.commands.publish_content import SHIPPED
from courses.packs.content import Graded, Module, Pack
from courses.packs.reader import read_pack

LONGEST_LESSON = 700
LONGEST_SENTENCE_ON_AVERAGE = 20
MOST_BY_A_BLIND_STRATEGY = 0.7

# No names of products or makers, no price, no promise of pay: they age badly, and we sell nothing.
FORBIDDEN = re.compile(
    r"\b(ChatGPT|GPT-?\d?|OpenAI|Copilot|Microsoft|Google|Gemini|Anthropic|Mistral AI|Le Chat|Llama|Meta AI|Perplexity|Midjourney|DALL|Grok|DeepSeek)\b"
    r"|[€$£]\s?\d+\s?(/|per|par)\s?(month|mois|user|utilisateur)|\b(salary increase|pay rise|augmentation de salaire)\b"
)


@cache
def shipped() -> Pack:
    return read_pack(SHIPPED)


@pytest.fixture
def module(request: pytest.FixtureRequest) -> Module:
    return next(module for module in shipped().modules if module.id == request.param)


# By folder: should the pack not be readable, each of these tests says so, and the rest of the suite runs.
every_module = pytest.mark.parametrize("module", sorted(path.name for path in (SHIPPED / "modules").iterdir()), indirect=True)


def graded(module: Module) -> Iterator[Graded]:
    for activity in module.activities:
        yield from activity.items
    yield from module.cards


def texts(module: Module) -> Iterator[tuple[str, str, str]]:
    """Every text that a person reads: where it is, its language, and the text itself."""
    for name in ("title", "summary"):
        for language, text in getattr(module, name).items():
            yield name, language, text
    for language, goals in module.goals.items():
        yield from ((f"goals.{index}", language, goal) for index, goal in enumerate(goals))
    for activity in module.activities:
        yield from ((f"{activity.id}.title", language, text) for language, text in activity.title.items())
        yield from flat(activity.id, activity.body)
    for item in graded(module):
        yield from flat(item.id, item.texts)


def flat(name: str, by_language: dict) -> Iterator[tuple[str, str, str]]:
    def walk(path: str, value: object, language: str) -> Iterator[tuple[str, str, str]]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from walk(f"{path}.{key}", inner, language)
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from walk(f"{path}.{index}", inner, language)
        elif value:
            yield path, language, plain(str(value))

    for language, value in by_language.items():
        yield from walk(name, value, language)


def plain(html: str) -> str:
    """The words of a text, each block on a line of its own."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|li|h\d|td|th|tr|blockquote)>", "\n", html)))


def sentences(text: str) -> list[str]:
    found = re.split(r"(?<=[.!?…])[»”’)\u202f]*\s+|\n+", text)
    return [sentence for sentence in found if len(sentence.split()) > 1]


@every_module
def test_both_languages_say_the_same_things(module: Module) -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for place, language, _text in texts(module):
        places[language].add(place)
    assert places["en"] == places["fr"]


def numbers(text: str, language: str) -> list[str]:
    """Numbers as they are meant: 1,842.5 and 1 842,5 are the same one."""
    grouping, decimal = (",", r"\.") if language == "en" else ("[\u202f\u00a0]", ",")
    found = re.findall(rf"\d{{1,3}}(?:{grouping}\d{{3}})+(?:{decimal}\d+)?|\d+(?:{decimal}\d+)?", text)
    return sorted(
        re.sub(grouping, "", number).replace(",", ".") if language == "fr" else number.replace(",", "") for number in found
    )


@every_module
def test_both_languages_have_the_same_numbers(module: Module) -> None:
    by_place: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for place, language, text in texts(module):
        by_place[place][language] = numbers(text, language)
    different = {place: found for place, found in by_place.items() if found.get("en") != found.get("fr")}
    assert different == {}


@every_module
def test_the_best_answer_earns_everything(module: Module) -> None:
    for item in graded(module):
        assert grade(
            item.mechanic, item.payload, item.key, best_response(item.mechanic, item.payload, item.key)
        ).score == pytest.approx(1), item.id


@every_module
def test_no_blind_strategy_passes(module: Module) -> None:
    """Over the module's pool, for each mechanic: what a learner earns who always does the same."""
    earned: dict[tuple[str, str], list[float]] = defaultdict(list)
    for item in graded(module):
        for strategy, responses in constant_responses(item.mechanic, item.payload, item.key).items():
            scores = [grade(item.mechanic, item.payload, item.key, response).score for response in responses]
            earned[item.mechanic, strategy].append(sum(scores) / len(scores))
    means = {strategy: sum(scores) / len(scores) for strategy, scores in earned.items()}
    assert {strategy: mean for strategy, mean in means.items() if mean >= MOST_BY_A_BLIND_STRATEGY} == {}


@every_module
@pytest.mark.parametrize("language", ["en", "fr"])
def test_sentences_are_short_on_average(module: Module, language: str) -> None:
    lengths = [len(one.split()) for _place, own, text in texts(module) if own == language for one in sentences(text)]
    assert len(lengths) > 50
    assert sum(lengths) / len(lengths) < LONGEST_SENTENCE_ON_AVERAGE


@every_module
def test_no_forbidden_words(module: Module) -> None:
    found = [(place, language, FORBIDDEN.findall(text)) for place, language, text in texts(module) if FORBIDDEN.search(text)]
    assert found == []


@every_module
def test_french_is_written_as_french(module: Module) -> None:
    """A narrow no-break space before ; : ! ? » and after «; curly apostrophes; quotation marks of the language."""
    wrong = re.compile(r"(?<![\u202f\d])[;:!?»](?!\d)|«(?!\u202f)|['\"]")
    found = [
        (place, text[max(0, hit.start() - 20) : hit.end() + 10])
        for place, language, text in texts(module)
        if language == "fr"
        for hit in wrong.finditer(text)
    ]
    assert found == []


@every_module
def test_english_has_its_own_marks(module: Module) -> None:
    found = [(place, text) for place, language, text in texts(module) if language == "en" and re.search(r"['\"«»\u202f]", text)]
    assert found == []


@every_module
def test_the_lesson_keeps_to_its_length(module: Module) -> None:
    lesson = module.activities[0]
    assert lesson.kind == "lesson"
    words = {
        language: sum(len(plain(card["html"]).split()) + len(card["title"].split()) for card in body["cards"])
        for language, body in lesson.body.items()
    }
    assert len(lesson.body["en"]["cards"]) == 3
    assert words["en"] <= LONGEST_LESSON
    # French says the same in more words; the lesson is as long to read all the same.
    assert words["fr"] <= LONGEST_LESSON * 1.15


@every_module
def test_every_module_has_what_its_template_asks_for(module: Module) -> None:
    kinds = [activity.kind for activity in module.activities]
    assert (kinds[0], kinds.count("mission"), kinds.count("quiz")) == ("lesson", 1, 1)
    assert 2 <= kinds.count("exercise") <= 4
    assert 2 <= len(module.cards) <= 4
    assert len(module.goals["en"]) == 3
    quiz = next(activity for activity in module.activities if activity.kind == "quiz")
    assert sum(quiz.draw.values()) == 5
    assert len(quiz.items) >= 8  # so that a second try differs
    domains = {domain.id for domain in shipped().domains}
    for exercise in (activity for activity in module.activities if activity.kind == "exercise"):
        offered = {item.domain for item in exercise.items}
        assert offered <= domains | {None}
        assert len(offered) >= 2


@every_module
def test_choices_say_why_for_each_option(module: Module) -> None:
    for item in graded(module):
        if item.mechanic == "choice" and "options" in item.payload:
            ids = {option["id"] for option in item.payload["options"]}
            assert set(item.texts["en"]["feedback"]) == ids, item.id
