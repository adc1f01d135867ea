"""A sound pack, as small as one can be and still have one of everything."""

from pathlib import Path

import pytest

from courses.packs.reader import read_pack
from courses.problems import ProblemsFound

FILES = {
    "pack.yaml": """\
id: small
title: {en: "Small", fr: "Petit"}
languages: [en, fr]
licence: BSD-3-Clause
""",
    "skills.yaml": """\
- id: prompting
  name: {en: "Prompting", fr: "Formuler"}
  description: {en: "Say it.", fr: "Le dire."}
""",
    "domains.yaml": """\
- id: marketing
  name: {en: "Marketing", fr: "Marketing"}
  description: {en: "Texts.", fr: "Textes."}
- id: hr
  name: {en: "HR", fr: "RH"}
  description: {en: "People.", fr: "Gens."}
""",
    "tracks/prompting.yaml": """\
id: prompting
skill: prompting
title: {en: "Prompting", fr: "Formuler"}
summary: {en: "How to ask.", fr: "Comment demander."}
modules: [m1, m2]
""",
    "modules/m1/module.yaml": """\
id: m1
title: {en: "First", fr: "Premier"}
summary: {en: "Begin.", fr: "Commencer."}
goals:
  - {en: "Explain it.", fr: "Expliquer."}
level: 1
prerequisites: []
activities:
  - {id: m1-lesson, kind: lesson, title: {en: "Read", fr: "Lire"}, minutes: 5, file: lesson}
  - {id: m1-recap, kind: exercise, title: {en: "Do", fr: "Faire"}, minutes: 5, file: exercises/recap.yaml}
  - {id: m1-mission, kind: mission, title: {en: "At work", fr: "Au travail"}, minutes: 15, file: mission.yaml}
  - {id: m1-quiz, kind: quiz, title: {en: "Quiz", fr: "Quiz"}, minutes: 5, file: quiz.yaml, pass_mark: 0.8}
  - {id: m1-site, kind: external, title: {en: "See", fr: "Voir"}, minutes: 5, url: "https://example.com/a", required: false}
reviews: reviews.yaml
""",
    "modules/m1/lesson.en.md": """\
## First card

Some *text*.

> **Why:** because it helps.

## Second card

| A | B |
| --- | --- |
| 1 | 2 |
""",
    "modules/m1/lesson.fr.md": """\
## Première carte

Un *texte*.

> **Pourquoi\u202f:** parce que cela aide.

## Seconde carte

| A | B |
| --- | --- |
| 1 | 2 |
""",
    "modules/m1/exercises/recap.yaml": """\
mechanic: compose
prompt: {en: "Choose **blocks**.", fr: "Choisissez des **blocs**."}
variants:
  - id: m1-recap-marketing
    domain: marketing
    brief: {en: "A post.", fr: "Une publication."}
    payload:
      blocks:
        - {id: goal, text: {en: "The goal", fr: "Le but"}}
        - {id: fluff, text: {en: "Fluff", fr: "Du vent"}}
    key:
      slots: {goal: 3}
      blocks:
        goal: {slot: goal, quality: 1}
        fluff: {slot: goal, quality: 0}
    feedback:
      goal: {en: "Yes.", fr: "Oui."}
    why: {en: "It is the point.", fr: "C’est l’essentiel."}
  - id: m1-recap-any
    payload:
      blocks:
        - {id: goal, text: {en: "The goal", fr: "Le but"}}
        - {id: fluff, text: {en: "Fluff", fr: "Du vent"}}
    key:
      slots: {goal: 3}
      blocks:
        goal: {slot: goal, quality: 1}
        fluff: {slot: goal, quality: 0}
    why: {en: "It is the point.", fr: "C’est l’essentiel."}
""",
    "modules/m1/quiz.yaml": """\
draw: {core: 1}
items:
  - id: m1-q-one
    group: core
    mechanic: choice
    weight: 2
    prompt: {en: "Which?", fr: "Lequel ?"}
    payload:
      options:
        - {id: a, text: {en: "This", fr: "Ceci"}}
        - {id: b, text: {en: "That", fr: "Cela"}}
      multiple: false
      confidence: false
    key: {correct: [b]}
    feedback: {a: {en: "No.", fr: "Non."}, b: {en: "Yes.", fr: "Oui."}}
    why: {en: "Because.", fr: "Parce que."}
  - id: m1-q-two
    group: core
    mechanic: sort
    prompt: {en: "Sort.", fr: "Classez."}
    payload:
      items:
        - {id: x, text: {en: "X", fr: "X"}}
        - {id: y, text: {en: "Y", fr: "Y"}}
      bins:
        - {id: yes, text: {en: "Yes", fr: "Oui"}}
        - {id: no, text: {en: "No", fr: "Non"}}
      ordered: false
    key: {bin_of: {x: yes, y: no}}
    why: {en: "Because.", fr: "Parce que."}
""",
    "modules/m1/mission.yaml": """\
brief: {en: "Try it.", fr: "Essayez."}
without_tool: {en: "On paper.", fr: "Sur papier."}
variants:
  - {domain: hr, brief: {en: "A job ad.", fr: "Une annonce."}}
""",
    "modules/m1/reviews.yaml": """\
- id: m1-r-one
  mechanic: choice
  prompt: {en: "Again?", fr: "Encore ?"}
  payload:
    options:
      - {id: a, text: {en: "This", fr: "Ceci"}}
      - {id: b, text: {en: "That", fr: "Cela"}}
  key: {correct: [a]}
  why: {en: "Because.", fr: "Parce que."}
""",
    "modules/m2/module.yaml": """\
id: m2
title: {en: "Second", fr: "Second"}
summary: {en: "Go on.", fr: "Continuer."}
goals:
  - {en: "Do it.", fr: "Le faire."}
level: 2
prerequisites: [m1]
activities:
  - {id: m2-lesson, kind: lesson, title: {en: "Read", fr: "Lire"}, minutes: 5, file: text}
""",
    "modules/m2/text.en.md": "Only a text.\n",
    "modules/m2/text.fr.md": "Un simple texte.\n",
}

LESSON_LINE = '  - {id: m1-lesson, kind: lesson, title: {en: "Read", fr: "Lire"}, minutes: 5, file: lesson}\n'


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def edited(name: str, old: str, new: str) -> dict[str, str]:
    """The small pack with one thing changed."""
    assert FILES[name].count(old) >= 1, (name, old)
    return {**FILES, name: FILES[name].replace(old, new, 1)}


def problems_of(folder: Path) -> list[tuple[str, str]]:
    """Where and what: everything that a reading finds wrong, each in finished words."""
    with pytest.raises(ProblemsFound) as found:
        read_pack(folder)
    for problem in found.value.problems:
        assert "%(" not in f"{problem.message}{problem.hint}"
    return [(problem.where, problem.code) for problem in found.value.problems]
