import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.grading import InvalidResponse, check_key, grade
from courses.grading.patterns import fault_of
from courses.grading.words import fold, occurs_in_row, occurs_near, sentences_of, words_of
from tests.courses.grading.samples import WRITE, changed, entries

PAYLOAD, KEY = WRITE
GOOD = "Please prepare something that our directors can read in five short lines, with 38 dB and the 3 m distance in it."
FRENCH = "Préparez un texte que la Direction puisse parcourir, en cinq petites lignes, avec les 38 dB et la distance de 3 m."


def result(text: str, *claims: str, language: str = "en", **payload: object):
    return grade("write", {**PAYLOAD, **payload}, KEY, {"text": text, "language": language, "claims": list(claims)})


def test_everything_covered_and_claimed() -> None:
    assert result(GOOD, "audience", "format").score == pytest.approx(1, abs=1e-9)
    assert result(FRENCH, "audience", "format", language="fr").score == pytest.approx(1, abs=1e-9)


def test_the_self_check_counts_a_fifth_from_half_covered_on() -> None:
    assert result(GOOD, "audience").score == pytest.approx(0.9, abs=1e-9)
    assert result(GOOD, "audience", self_check=False).score == pytest.approx(1, abs=1e-9)
    # only "format" is covered: 1/3, below half, so that claims play no part
    text = "Please prepare something useful in five short lines, with 38 dB and the 3 m distance in it."
    assert result(text, "audience").score == pytest.approx(1 / 3, abs=1e-9)


def test_a_weak_group_earns_half_and_is_no_full_claim() -> None:
    text = "Please prepare something that people can read in five short lines, with 38 dB and the 3 m distance in it."
    assert result(text, self_check=False).score == pytest.approx((2 * 0.5 + 1) / 3, abs=1e-9)
    assert result(text, "format").score == pytest.approx(0.8 * 2 / 3 + 0.2, abs=1e-9)


def test_anchors_scale_the_score() -> None:
    text = (
        "Please prepare something that our directors can read in five short lines, with 38 dB and a short distance of 3 months."
    )
    assert result(text, self_check=False).score == pytest.approx(0.5, abs=1e-9)


def test_a_red_line_caps_even_when_it_stands_in_a_copied_sentence() -> None:
    assert result(GOOD + " It has an Unreleased-Price tag.", "audience", "format").score == pytest.approx(0.4, abs=1e-9)
    found = result(GOOD + " It costs 1200 euros.", "audience", "format")
    assert (found.score, found.feedback) == (pytest.approx(0.4, abs=1e-9), ["red-line"])


def test_a_pattern_with_capitals_finds_what_it_names() -> None:
    key = changed(KEY, red_lines={"any": ["regex:FR[0-9]{4}"]})
    response = {"text": GOOD + " The account is FR7612.", "language": "en", "claims": ["audience", "format"]}
    assert grade("write", PAYLOAD, key, response).score == pytest.approx(0.4, abs=1e-9)


def test_copied_sentences_are_left_out_and_the_learner_is_told() -> None:
    found = result(KEY["model"]["en"], "audience", "format")
    # "Use five lines." is too short to be a copy: what is left is a list of keywords.
    assert (found.score, found.feedback) == (0, ["copied", "keyword-list"])
    assert result(KEY["brief"]["en"] + " " + GOOD, "audience", "format").score == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("sentence", "taken_out"),
    [
        ("Write the text of", False),  # four words
        ("Write the text of a.", True),  # five
        ("write the text of a product poster", False),  # four of five trigrams: 80 % and not over
        ("write the text of a product post poster", True),  # five of six
        ("Write the text.\nOf a product post.", False),  # two sentences of less than five words
    ],
)
def test_what_counts_as_copied(sentence: str, taken_out: bool) -> None:
    assert ("copied" in result(sentence).feedback) is taken_out


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        ("Our directors.", False),  # one of two
        ("My directors.", True),  # "my" is too short to be counted
        ("Directors read five lines.", True),  # three of four
        ("Directors may want to read five lines here.", False),  # three of seven
        ("Five, and then a very long row of other words before there comes any line.", False),  # a group that is not found
    ],
)
def test_over_half_of_the_words_make_a_list(text: str, is_list: bool) -> None:
    assert ("keyword-list" in result(text).feedback) is is_list


def test_the_model_in_another_language_is_a_copy_too() -> None:
    assert "copied" in result(KEY["model"]["fr"]).feedback


def test_a_list_of_keywords_earns_nothing() -> None:
    found = result("directors, five lines, 38 dB, 3 m", "audience", "format")
    assert (found.score, found.feedback) == (0, ["keyword-list"])


@pytest.mark.parametrize(
    "response",
    [
        {"text": "x", "language": "en"},
        {"text": "x", "language": "de", "claims": []},
        {"text": "x", "language": ["en"], "claims": []},
        {"text": "x" * 601, "language": "en", "claims": []},
        {"text": " \n ", "language": "en", "claims": []},
        {"text": "a\0b", "language": "en", "claims": []},
        {"text": "a\ud800", "language": "en", "claims": []},
        {"text": ["x"], "language": "en", "claims": []},
        {"text": "x", "language": "en", "claims": ["audience", "audience"]},
        {"text": "x", "language": "en", "claims": ["style"]},
    ],
)
def test_what_does_not_fit_is_refused(response: dict) -> None:
    with pytest.raises(InvalidResponse):
        grade("write", PAYLOAD, KEY, response)


def test_line_ends_count_once_however_a_browser_sends_them() -> None:
    assert result("x\r\n" * 300).score == 0


def test_folding_and_words() -> None:
    assert fold("  L’ÉTÉ \u202f d’Œuvre\nÀ ") == "l’ete d’œuvre a"
    assert words_of("L’équipe VX-2, 38 dB(A)_x") == ["l", "equipe", "vx", "2", "38", "db", "a", "x"]
    assert sentences_of("One. Two at 1.5 m! Three\nfour") == [["one"], ["two", "at", "1", "5", "m"], ["three"], ["four"]]


def test_a_group_fits_a_span_of_twelve_words_in_any_order() -> None:
    words = ["committee", *["x"] * 10, "management"]
    assert occurs_near(["management", "committee"], words)
    assert not occurs_near(["management", "committee"], ["committee", "x", *words[1:]])
    assert occurs_near(["direct"], ["directors"])
    assert not occurs_near(["directors"], ["direct"])


def test_anchors_match_whole_words_in_a_row() -> None:
    assert occurs_in_row(["3", "m"], words_of("at 3 m."))
    assert not occurs_in_row(["3", "m"], words_of("in 3 months"))
    assert not occurs_in_row(["3", "m"], words_of("3 long m"))


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["audience", "format"]))
def test_any_text_is_graded_within_bounds_or_refused(text: str, claim: str) -> None:
    try:
        found = result(text, claim)
    except InvalidResponse:
        return
    assert 0 <= found.score <= 1


@given(st.permutations(["audience", "format"]))
def test_the_order_of_claims_plays_no_part(claims: list[str]) -> None:
    assert result(GOOD, *claims).score == result(GOOD, "audience", "format").score


@pytest.mark.parametrize(
    ("pattern", "sound"),
    [
        (r"\b[0-9]{2,6} ?(eur|euros)\b", True),
        (r"price.{0,40}[0-9]+", True),
        (r"price.{0,40}[0-9]+b", False),
        ("(a+)+$", False),
        ("(a|a)*b", False),
        (".*a.*b.*c", False),
        (r"(a)\1", False),
        ("(", False),
        ("a" * 201, False),
        ("x*", False),
        ("(?:a{1,60}){1,60}b", False),
        ("(?:a?){100}b", False),
        ("(?:a|aa){61}b", False),
        ("(?=(?:a?){61,}b)", False),
        ("(?:ab){100}c", True),
        ("[^b]{0,1000}[ab]{61}[^b]?c", False),
        ("(?:a*b*(?:c{2,40}){2,40}){2,40}d", False),
        ("(?:(?:a|b?|){60}){60}", False),
    ],
)
def test_patterns_that_could_run_long_are_refused(pattern: str, sound: bool) -> None:
    assert (fault_of(pattern) is None) is sound


def test_the_worst_pattern_that_is_taken_comes_to_an_end() -> None:
    """Over the longest text that it may meet; were it not bounded, this would not end."""
    key = changed(KEY, red_lines={"any": ["regex:a[0-9a]{0,1000}b"]})
    assert check_key("write", {**PAYLOAD, "max_chars": 6000}, key) == []
    result = grade("write", {**PAYLOAD, "max_chars": 6000}, key, {"text": "a" * 6000, "language": "en", "claims": []})
    assert result.score == 0


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"red_lines": {"any": ["regex:(a+)+"]}}, ("key", "red_lines", "any", 0)),
        ({"red_lines": {"en": ["x"]}}, ("key", "red_lines")),
        ({"model": {"en": "Write to the directors."}}, ("key", "model")),
        ({"model": {"en": "Nothing.", "fr": KEY["model"]["fr"]}}, ("key", "model", "en")),
        ({"anchors": {"need": 4, "any": KEY["anchors"]["any"]}}, ("key", "anchors", "any", "en")),
        ({"anchors": {"need": 1, "any": {"en": ["-"], "fr": ["38 dB"]}}}, ("key", "anchors", "any", "en", 0)),
        ({"criteria": {"audience": KEY["criteria"]["audience"]}}, ("key", "criteria")),
    ],
)
def test_faults_of_keys(changes: dict, path: tuple) -> None:
    assert path in [fault.path for fault in check_key("write", PAYLOAD, changed(KEY, **changes))]


def test_a_model_answer_that_just_fits_is_enough() -> None:
    text = "The boards have to hear which grant ends in June and why: so we now ask them for some more money."
    pairs = {"who": ["board", "hear"], "what": ["grant", "ends"], "ask": ["ask", "money"], "when": ["june", "why"]}
    payload = {"max_chars": len(text), "criteria": entries(*pairs)}
    key = {
        "criteria": {one: {"any": {"en": [group]}} for one, group in pairs.items()},
        "brief": {"en": "Write to them."},
        "model": {"en": text},
    }
    assert check_key("write", payload, key) == []


def test_a_group_of_many_words_can_be_found_within_its_span() -> None:
    group = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    key = {
        "criteria": {"all": {"any": {"en": [group]}}},
        "brief": {"en": "Count."},
        "model": {"en": " ".join(group) + " are words among others which nobody has been looking for in here."},
    }
    assert check_key("write", {"criteria": entries("all")}, key) == []
