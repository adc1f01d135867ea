"""The shipped content, all of it: what the publisher cannot refuse and a reader would notice."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from courses.grading import best_response, constant_responses, grade, question
from courses.packs.content import Graded, Module
from tests.courses.shipped import MODULES, every_module, every_unit, graded, plain, rows_of, texts_of

LONGEST_LESSON = 700
LONGEST_SENTENCE_ON_AVERAGE = 20
MOST_BY_A_BLIND_STRATEGY = 0.7

# The curriculum outline: minutes of a learner in each module. A module may be a tenth longer or shorter.
MINUTES = {
    "pe1": 55, "pe2": 65, "pe3": 55, "pe4": 70, "pe5": 65,
    "ce1": 60, "ce2": 65, "ce3": 65, "ce4": 65, "ce5": 60,
    "wf1": 60, "wf2": 65, "wf3": 75, "wf4": 70, "wf5": 70,
    "chg1": 55, "chg2": 55, "chg3": 50, "chg4": 65, "chg5": 60,
    "tw1": 45, "tw2": 55, "tw3": 50, "tw4": 65, "tw5": 50,
}  # fmt: skip

# No names of products or makers, no price, no promise of pay: they age badly, and we sell nothing.
FORBIDDEN = re.compile(
    r"\b(ChatGPT|GPT-?\d?|OpenAI|Copilot|Microsoft|Google|Gemini|Anthropic|Mistral AI|Le Chat|Llama|Meta AI|Perplexity|Midjourney|DALL|Grok|DeepSeek)\b"
    r"|[€$£]\s?\d+\s?(/|per|par)\s?(month|mois|user|utilisateur)|\b(salary increase|pay rise|augmentation de salaire)\b"
)

# The seven modules that everybody begins with are there for every domain; the others for the five that most people work in.
FIRST = {"pe1", "ce1", "pe2", "ce4", "wf1", "tw1", "chg1"}
FIVE_DOMAINS = {"marketing", "hr", "finance", "communication", "operations"}
ALL_DOMAINS = FIVE_DOMAINS | {"sales", "legal"}


def module_named(name: str) -> Module:
    [module] = rows_of(name)
    return module


def sentences(text: str) -> list[str]:
    found = re.split(r"(?<=[.!?…])[»”’)\u202f]*\s+|\n+", text)
    return [sentence for sentence in found if len(sentence.split()) > 1]


@every_unit
def test_both_languages_say_the_same_things(unit: str) -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for one in texts_of(unit):
        if ".forms." not in one.place:  # a language has as many forms of a word as it has
            places[one.language].add(one.place)
    assert places["en"] == places["fr"]


def numbers(text: str, language: str) -> list[str]:
    """Numbers as they are meant: 1,842.5 and 1 842,5 are the same one."""
    grouping, decimal = (",", r"\.") if language == "en" else ("[\u202f\u00a0]", ",")
    found = re.findall(rf"\d{{1,3}}(?:{grouping}\d{{3}})+(?:{decimal}\d+)?|\d+(?:{decimal}\d+)?", text)
    return sorted(
        re.sub(grouping, "", number).replace(",", ".") if language == "fr" else number.replace(",", "") for number in found
    )


@every_unit
def test_both_languages_have_the_same_numbers(unit: str) -> None:
    by_place: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for one in texts_of(unit):
        if ".forms." not in one.place:
            by_place[one.place][one.language] = numbers(one.text, one.language)
    different = {place: found for place, found in by_place.items() if found.get("en") != found.get("fr")}
    assert different == {}


@every_module
def test_the_best_answer_earns_everything(name: str) -> None:
    for item in graded(module_named(name)):
        assert grade(
            item.mechanic, item.payload, item.key, best_response(item.mechanic, item.payload, item.key)
        ).score == pytest.approx(1), item.id


@every_module
def test_no_blind_strategy_passes(name: str) -> None:
    """Over the module's pool, for each mechanic: what a learner earns who always does the same."""
    earned: dict[tuple[str, str], list[float]] = defaultdict(list)
    for item in graded(module_named(name)):
        for strategy, responses in constant_responses(item.mechanic, item.payload, item.key).items():
            scores = [grade(item.mechanic, item.payload, item.key, response).score for response in responses]
            earned[item.mechanic, strategy].append(sum(scores) / len(scores))
    means = {strategy: sum(scores) / len(scores) for strategy, scores in earned.items()}
    assert {strategy: mean for strategy, mean in means.items() if mean >= MOST_BY_A_BLIND_STRATEGY} == {}


@every_unit
@pytest.mark.parametrize("language", ["en", "fr"])
def test_sentences_are_short_on_average(unit: str, language: str) -> None:
    lengths = [len(said.split()) for one in texts_of(unit) if one.language == language for said in sentences(one.text)]
    assert len(lengths) > (50 if unit in MODULES else 5)
    assert sum(lengths) / len(lengths) < LONGEST_SENTENCE_ON_AVERAGE


@every_unit
def test_no_forbidden_words(unit: str) -> None:
    """The provider of an offer is no text of ours, and may be named there; nowhere else."""
    found = [(one.place, one.language, FORBIDDEN.findall(one.text)) for one in texts_of(unit) if FORBIDDEN.search(one.text)]
    assert found == []


@every_unit
def test_french_is_written_as_french(unit: str) -> None:
    """A narrow no-break space before ; : ! ? » and after «; curly apostrophes; quotation marks of the language."""
    wrong = re.compile(r"(?<![\u202f\d])[;:!?»](?!\d)|«(?!\u202f)|['\"]")
    found = [
        (one.place, one.text[max(0, hit.start() - 20) : hit.end() + 10])
        for one in texts_of(unit)
        if one.language == "fr"
        for hit in wrong.finditer(one.text)
    ]
    assert found == []


@every_unit
def test_english_has_its_own_marks(unit: str) -> None:
    wrong = re.compile(r"['\"«»\u202f]")
    assert [(one.place, one.text) for one in texts_of(unit) if one.language == "en" and wrong.search(one.text)] == []


@every_unit
def test_links_lead_to_a_secure_address_or_a_term_that_exists(unit: str) -> None:
    known = {f"#term-{term.id}" for term in rows_of("terms")}
    found = [(one.place, address) for one in texts_of(unit) for address in re.findall(r"""(?:href|src)=["']([^"']*)""", one.html)]
    assert [(place, address) for place, address in found if not address.startswith("https://") and address not in known] == []


@every_module
def test_minutes_are_those_of_the_outline(name: str) -> None:
    minutes = sum(activity.minutes for activity in module_named(name).activities)
    assert abs(minutes - MINUTES[name]) <= MINUTES[name] / 10


def test_the_outline_names_every_module() -> None:
    assert sorted(MINUTES) == MODULES


@every_module
def test_the_lesson_keeps_to_its_length(name: str) -> None:
    lesson = module_named(name).activities[0]
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
def test_every_module_has_what_its_template_asks_for(name: str) -> None:
    module = module_named(name)
    kinds = [activity.kind for activity in module.activities]
    assert (kinds[0], kinds.count("mission"), kinds.count("quiz")) == ("lesson", 1, 1)
    assert 2 <= kinds.count("exercise") <= 4
    assert 2 <= len(module.cards) <= 4
    assert len(module.goals["en"]) == 3
    quiz = next(activity for activity in module.activities if activity.kind == "quiz")
    assert sum(quiz.draw.values()) == 5
    assert len(quiz.items) >= 8  # so that a second try differs
    wanted = ALL_DOMAINS if name in FIRST else FIVE_DOMAINS
    for exercise in (activity for activity in module.activities if activity.kind == "exercise"):
        assert {item.domain for item in exercise.items} >= wanted, exercise.id
    mission = next(activity for activity in module.activities if activity.kind == "mission")
    assert set(mission.body["en"]["variants"]) >= wanted


@every_module
def test_choices_say_why_for_each_option(name: str) -> None:
    for item in graded(module_named(name)):
        if item.mechanic == "choice" and "options" in item.payload:
            ids = {option["id"] for option in item.payload["options"]}
            assert set(item.texts["en"]["feedback"]) == ids, item.id


@every_module
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_longest_option_is_no_hint(name: str, language: str) -> None:
    """Where the right option is clearly the longest (by 15 %), and how often: about chance, so that length gives nothing away."""
    longest = []
    for item in graded(module_named(name)):
        if item.mechanic == "choice" and "options" in item.payload and not item.payload.get("multiple"):
            lengths = {option["id"]: len(item.texts[language]["parts"][option["id"]]) for option in item.payload["options"]}
            right = lengths.pop(item.key["correct"][0])
            longest.append(item.id if right > 1.15 * max(lengths.values()) else "")
    hints = [one for one in longest if one]
    assert len(hints) <= len(longest) / 3, hints


def respond_by_length(item: Graded, language: str, place: float) -> dict[str, Any] | None:
    """What somebody answers who looks at the length of the choices only; `place` is 0 for the shortest, 1 for the longest.

    In a composition, one block for each slot. None where length is not what one chooses by.
    """
    texts = item.texts[language]["parts"]

    def pick(names: Iterable[str]) -> str:
        by_length = sorted(names, key=lambda name: len(texts[name]))
        return by_length[int(place * (len(by_length) - 1) + 0.5)].rpartition(".")[2]

    if item.mechanic == "scenario":
        path: list[list[str]] = []
        node: str | None = item.payload["start"]
        while node is not None:
            following = {choice["id"]: choice["next"] for choice in item.payload["nodes"][node]["choices"]}
            path.append([node, pick(f"{node}.{choice}" for choice in following)])
            node = following[path[-1][1]]
        return {"path": path}
    if item.mechanic == "choice" and "steps" in item.payload:
        steps = enumerate(item.payload["steps"])
        return {
            "steps": [question.answer(step, [pick(f"{index}.{one['id']}" for one in step["options"])]) for index, step in steps]
        }
    if item.mechanic == "compose":
        slots: dict[str, list[str]] = defaultdict(list)
        for name, block in item.key["blocks"].items():
            slots[block["slot"]].append(name)
        return {"blocks": [pick(names) for names in slots.values()]}
    return None


@every_module
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("place", [0, 0.5, 1], ids=["shortest", "middle", "longest"])
def test_no_length_is_a_strategy(name: str, language: str, place: float) -> None:
    """Conversations, questions that build on one another, and blocks: what is good must not show by how long it is."""
    earned: dict[str, list[float]] = defaultdict(list)
    for item in graded(module_named(name)):
        response = respond_by_length(item, language, place)
        if response is not None:
            earned[item.mechanic].append(grade(item.mechanic, item.payload, item.key, response).score)
    means = {mechanic: sum(scores) / len(scores) for mechanic, scores in earned.items()}
    assert {mechanic: mean for mechanic, mean in means.items() if mean >= MOST_BY_A_BLIND_STRATEGY} == {}
