"""One small example of each mechanic for the style page, in both languages. Graded by the real graders, drawn by the real templates."""

from dataclasses import dataclass
from typing import Any

from courses.grading import NOTES, grade
from lms.progress.pages import Explained, ExplainedPart, Question


@dataclass(frozen=True)
class Sample:
    """``answer``: one that is partly right, so that every kind of explanation is seen."""

    mechanic: str
    payload: dict[str, Any]
    key: dict[str, Any]
    answer: dict[str, Any]
    texts: dict[str, dict[str, str]]
    prompt: tuple[str, str]


def _ids(*ids: str) -> list[dict[str, str]]:
    return [{"id": one} for one in ids]


def _texts(**both: tuple[str, str]) -> dict[str, dict[str, str]]:
    """Dots cannot stand in a Python name: ``__`` stands for one."""
    return {
        language: {path.replace("__", "."): pair[place] for path, pair in both.items()}
        for place, language in enumerate(("en", "fr"))
    }


SAMPLES = (
    Sample(
        "choice",
        {"options": _ids("a", "b", "c"), "multiple": False, "confidence": True},
        {"correct": ["b"]},
        {"selected": ["a"], "confidence": 75},
        _texts(
            a=("It looked the date up in its database.", "Il a cherché la date dans sa base."),
            b=("It wrote a likely date.", "Il a écrit une date vraisemblable."),
            c=("It asked a colleague.", "Il a demandé à un collègue."),
        ),
        ("The tool answers with a date. Where does it come from?", "L’outil répond par une date. D’où vient-elle ?"),
    ),
    Sample(
        "choice",
        {"steps": [{"options": _ids("tone", "facts")}, {"options": _ids("shorter", "source"), "multiple": True}]},
        {"steps": [{"correct": ["facts"], "weight": 0.4}, {"correct": ["source"], "weight": 0.6, "requires": 0}]},
        {"steps": [{"selected": ["facts"]}, {"selected": ["shorter", "source"]}]},
        {
            "en": {
                "0": "What went wrong?",
                "0.tone": "The tone",
                "0.facts": "The facts were not given",
                "1": "The smallest repair?",
                "1.shorter": "Ask for less",
                "1.source": "Attach the minutes",
            },
            "fr": {
                "0": "Qu’est-ce qui a manqué ?",
                "0.tone": "Le ton",
                "0.facts": "Les faits n’étaient pas donnés",
                "1": "La plus petite réparation ?",
                "1.shorter": "Demander moins",
                "1.source": "Joindre le compte rendu",
            },
        },
        ("Repair this request in two steps.", "Réparez cette demande en deux temps."),
    ),
    Sample(
        "mark",
        {"segments": _ids("s1", "s2", "s3", "s4", "s5"), "kinds": ["fabricated", "number"]},
        {"faults": {"s2": {"weight": 2, "kind": "number"}, "s4": {"kind": "fabricated"}}},
        {"marked": {"s2": "fabricated", "s3": None}},
        _texts(
            s1=("The committee met in Lyon, seven people present.", "Le comité s’est réuni à Lyon, sept personnes présentes."),
            s2=("Sales reach 1,842 k€, returns deducted.", "Les ventes atteignent 1 842 k€, retours déduits."),
            s3=("The closing date is brought forward to 20 December.", "La clôture est avancée au 20 décembre."),
            s4=("The purchase was approved unanimously.", "L’achat a été validé à l’unanimité."),
            s5=("Karim presents the leave policy in January.", "Karim présentera la politique de congés en janvier."),
            kinds__fabricated=("made up", "inventé"),
            kinds__number=("wrong figure", "chiffre faux"),
        ),
        ("Which sentences would you not send?", "Quelles phrases n’enverriez-vous pas ?"),
    ),
    Sample(
        "sort",
        {
            "items": _ids("plan", "list", "sheet"),
            "bins": [{"id": "green"}, {"id": "orange"}, {"id": "red", "limit": 2}],
            "ordered": True,
        },
        {"bin_of": {"plan": "orange", "list": "red", "sheet": "green"}, "cost": None},
        {"bin_of": {"plan": "orange", "list": "orange", "sheet": "green"}},
        _texts(
            plan=("The draft plan of the spring campaign", "Le projet de plan de la campagne de printemps"),
            list=("Forty names and mobile numbers from the fair", "Quarante noms et portables relevés au salon"),
            sheet=("The product sheet of the public website", "La fiche produit du site public"),
            bins__green=("Green: any tool", "Vert : tout outil"),
            bins__orange=("Orange: the approved tool only", "Orange : l’outil approuvé seulement"),
            bins__red=("Red: not pasted", "Rouge : ne se colle pas"),
        ),
        ("What colour is each text?", "De quelle couleur est chaque texte ?"),
    ),
    Sample(
        "rank",
        {"items": _ids("vendor", "study", "colleague")},
        {"tier_of": {"study": 3, "colleague": 2, "vendor": 1}},
        {"order": ["colleague", "study", "vendor"]},
        _texts(
            vendor=("A vendor’s announcement", "L’annonce d’un éditeur"),
            study=("A study with its data", "Une étude avec ses données"),
            colleague=("A colleague who tried it", "Une collègue qui l’a essayé"),
        ),
        ("The most reliable source first.", "La source la plus fiable en premier."),
    ),
    Sample(
        "sequence",
        {
            "steps": [
                {"id": "collect"},
                {"id": "draft"},
                {"id": "check", "checkpoint": "human_review"},
                {"id": "send"},
                {"id": "score"},
            ],
            "actors": ["human", "ai", "both"],
        },
        {
            "before": [["collect", "draft"], ["draft", "send"]],
            "required": ["draft", "send"],
            "forbidden": ["score"],
            "actors": {"draft": {"ai": 1, "both": 1}, "send": {"human": 1}},
            "checkpoints": [{"kind": "human_review", "after": "draft", "before": "send", "critical": True}],
        },
        {"steps": [{"id": "collect", "actor": "human"}, {"id": "draft", "actor": "ai"}, {"id": "send", "actor": "ai"}]},
        _texts(
            collect=("Collect the customers’ messages", "Rassembler les messages des clients"),
            draft=("Draft the answers", "Rédiger les réponses"),
            check=("Read every answer against the message", "Relire chaque réponse face au message"),
            send=("Send", "Envoyer"),
            score=("Rate the customers’ temper", "Noter l’humeur des clients"),
        ),
        ("Build the process.", "Construisez le processus."),
    ),
    Sample(
        "compose",
        {"blocks": _ids("goal", "context", "sick", "polite")},
        {
            "slots": {"goal": 3, "context": 3},
            "blocks": {
                "goal": {"slot": "goal", "quality": 1},
                "polite": {"slot": "goal", "quality": 0},
                "context": {"slot": "context", "quality": 1},
                "sick": {"slot": "context", "quality": 0, "harm": True},
            },
        },
        {"blocks": ["goal", "sick"]},
        _texts(
            goal=(
                "Two absent directors must know what to do before Friday.",
                "Deux directions absentes doivent savoir quoi faire avant vendredi.",
            ),
            context=("Here are the decisions, with names of functions.", "Voici les décisions, avec les fonctions."),
            sick=("Here is the list of people on sick leave.", "Voici la liste des personnes en arrêt maladie."),
            polite=("Be as kind as possible.", "Sois le plus aimable possible."),
        ),
        ("Put the request together.", "Composez la demande."),
    ),
    Sample(
        "write",
        {"max_chars": 400, "criteria": _ids("audience", "deadline"), "self_check": True},
        {
            "criteria": {
                "audience": {"weight": 2, "any": {"en": [["directors"]], "fr": [["directions"]]}},
                "deadline": {"weight": 1, "any": {"en": [["friday"]], "fr": [["vendredi"]]}},
            },
            "red_lines": {"any": []},
            "brief": {"en": "A recap for people who were absent.", "fr": "Un récapitulatif pour les absents."},
            "model": {
                "en": "For the two absent directors: three decisions, before Friday.",
                "fr": "Pour les deux directions absentes : trois décisions, avant vendredi.",
            },
        },
        {
            "text": "Recap for the directors who were away, three decisions only, please. / Pour les directions.",
            "language": "en",
            "claims": ["audience", "deadline"],
        },
        _texts(audience=("who reads it", "qui le lit"), deadline=("by when", "pour quand")),
        ("Write the request.", "Rédigez la demande."),
    ),
    Sample(
        "scenario",
        {
            "start": "n1",
            "nodes": {
                "n1": {"choices": [{"id": "listen", "next": "n2"}, {"id": "insist", "next": None}]},
                "n2": {"choices": [{"id": "pilot", "next": None}, {"id": "force", "next": None}]},
            },
        },
        {
            "utility": {
                "n1": {"listen": {"trust": 2}, "insist": {"trust": -1, "risk": -3}},
                "n2": {"pilot": {"trust": 1, "adoption": 1}, "force": {"trust": -2}},
            }
        },
        {"path": [["n1", "listen"], ["n2", "force"]]},
        _texts(
            n1=("Hugo: “My team has no time for this.”", "Hugo : « Mon équipe n’a pas le temps. »"),
            n1__listen=("“What takes most of your week?”", "« Qu’est-ce qui prend le plus de votre semaine ? »"),
            n1__insist=("“Everybody has to.”", "« Tout le monde doit le faire. »"),
            n2=("Hugo: “The minutes, honestly.”", "Hugo : « Les comptes rendus, franchement. »"),
            n2__pilot=("“Shall we try on one meeting?”", "« On essaie sur une réunion ? »"),
            n2__force=("“Then you start on Monday.”", "« Alors vous commencez lundi. »"),
        ),
        ("Hugo has doubts. Talk with him.", "Hugo doute. Parlez avec lui."),
    ),
    Sample(
        "calculate",
        {"fields": [{"id": "hours", "unit": "h"}, {"id": "gain", "unit": "€"}]},
        {"fields": {"hours": {"value": 13.9}, "gain": {"value": 1200}}},
        {"fields": {"hours": "14", "gain": "72000"}},
        _texts(hours=("Hours saved in a month", "Heures gagnées par mois"), gain=("Net gain in a year", "Gain net par an")),
        ("Work out both figures.", "Calculez les deux chiffres."),
    ),
)


def question(sample: Sample, number: int, language: str, *, answered: bool = True) -> Question:
    return Question(
        slug=f"sample-{number}",
        mechanic=sample.mechanic,
        payload=sample.payload,
        prompt=f"<p>{sample.prompt[language == 'fr']}</p>",
        brief="",
        document="",
        parts=sample.texts[language],
        answer=sample.answer if answered else None,
    )


def explained(sample: Sample, number: int, language: str) -> Explained:
    result = grade(sample.mechanic, sample.payload, sample.key, sample.answer)
    return Explained(
        question=question(sample, number, language),
        score=result.score,
        passed=result.passed,
        parts=tuple(ExplainedPart(part=part, text=sample.texts[language].get(part.id, ""), feedback="") for part in result.parts),
        notes=tuple(NOTES[note] for note in result.feedback),
        why="<p>…</p>",
        key=sample.key,
    )
