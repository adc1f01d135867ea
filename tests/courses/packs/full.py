"""The small pack with one of everything that stands beside the tracks."""

from tests.courses.packs.small import FILES

CATALOGUE = {
    "sectors.yaml": """\
- id: industry
  name: {en: "Industry", fr: "Industrie"}
  description: {en: "Plants.", fr: "Usines."}
- id: banking
  name: {en: "Banking", fr: "Banque"}
  description: {en: "Money.", fr: "Argent."}
  caution: {en: "Ask legal.", fr: "Demandez au juridique."}
""",
    "use-cases/office.yaml": """\
- id: minutes
  title: {en: "Minutes", fr: "Compte rendu"}
  description: {en: "It **drafts**, you check.", fr: "Il **rédige**, vous vérifiez."}
  first_step: {en: "Take one meeting.", fr: "Prenez une réunion."}
  caution: {en: "Tell people.", fr: "Prévenez."}
  domain: hr
  sectors: [industry, banking]
  value: 2
  risk: 1
  modules: [m1]
- id: replies
  title: {en: "Replies", fr: "Réponses"}
  description: {en: "It drafts.", fr: "Il rédige."}
  first_step: {en: "Take one mail.", fr: "Prenez un courriel."}
  value: 1
  risk: 3
""",
    "roles/prompt-engineer.yaml": """\
id: prompt-engineer
title: {en: "Prompt engineer", fr: "Ingénierie d’invites"}
family: business
technicality: light
summary: {en: "Writes *requests*.", fr: "Écrit des *demandes*."}
duties:
  - {en: "Write.", fr: "Écrire."}
  - {en: "Test.", fr: "Tester."}
  - {en: "Teach.", fr: "Transmettre."}
abilities:
  - {en: "Patience.", fr: "Patience."}
  - {en: "Clarity.", fr: "Clarté."}
education: {en: "Any.", fr: "Toutes."}
levels: {prompting: 3}
sectors: [banking]
leads_to: [trainer]
pay:
  - {country: FR, experience: {en: "Junior", fr: "Débutant"}, low: 38000, high: null, currency: EUR, per: year, year: 2024,
     source: {en: "A survey", fr: "Une enquête"}}
source: {en: "A survey", fr: "Une enquête"}
as_of: "2026-01-15"
review_after: 2027-01-15
""",
    "roles/trainer.yaml": """\
id: trainer
title: {en: "Trainer", fr: "Formation"}
family: guidance
technicality: none
summary: {en: "Teaches.", fr: "Forme."}
duties:
  - {en: "Prepare.", fr: "Préparer."}
  - {en: "Teach.", fr: "Former."}
  - {en: "Follow up.", fr: "Suivre."}
abilities:
  - {en: "Patience.", fr: "Patience."}
  - {en: "Clarity.", fr: "Clarté."}
levels: {}
source: {en: "A survey", fr: "Une enquête"}
as_of: "2026-01-15"
review_after: "2026-07-15"
""",
    "offers/short-course.yaml": """\
id: short-course
title: {en: "Short course", fr: "Formation courte"}
kind: course
provider: Example Institute
country: FR
duration: {en: "20 hours", fr: "20 heures"}
description: {en: "Online.", fr: "En ligne."}
funding: [cpf, own]
doubt: {en: "The price.", fr: "Le prix."}
skills: [prompting]
verified_on: "2026-02-01"
review_after: "2026-08-01"
""",
    "portraits/nadia.yaml": """\
id: nadia
name: Nadia
title: {en: "From minutes to method", fr: "Du compte rendu à la méthode"}
before: {en: "Assistant", fr: "Assistante"}
after: {en: "Coordinator", fr: "Coordinatrice"}
story: {en: "She *began*.", fr: "Elle a *commencé*."}
steps:
  - {when: {en: "Month 1", fr: "Mois 1"}, what: {en: "Tried.", fr: "Essayé."}}
question: {en: "And you?", fr: "Et vous ?"}
domain: hr
role: prompt-engineer
modules: [m1, m2]
source: {en: "Composed.", fr: "Composé."}
""",
    "glossary/words.yaml": """\
- id: anchor
  name: {en: "Anchoring", fr: "Ancrage"}
  definition: {en: "To **tie** to a source.", fr: "**Lier** à une source."}
  forms: {en: [anchoring], fr: [ancrage, ancrages]}
  see: [text]
  skill: prompting
- id: text
  name: {en: "Text", fr: "Texte"}
  definition: {en: "Words.", fr: "Des mots."}
  forms: {en: [text, texts], fr: [texte, textes]}
""",
    "facts/figures.yaml": """\
- id: error-rate
  title: {en: "Errors", fr: "Erreurs"}
  statement: {en: "**One** in ten.", fr: "**Une** sur dix."}
  source: {en: "A study.", fr: "Une étude."}
  as_of: "2025-06-01"
  review_after: "2026-06-01"
  modules: [m1]
""",
    "documents/policy.yaml": """\
id: policy
title: {en: "Policy", fr: "Charte"}
kind: policy
summary: {en: "The rules.", fr: "Les règles."}
""",
    "documents/policy.en.md": "## Rules\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n",
    "documents/policy.fr.md": "## Règles\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n",
    "paths/first-weeks.yaml": """\
id: first-weeks
title: {en: "First weeks", fr: "Premières semaines"}
summary: {en: "In order.", fr: "Dans l’ordre."}
domain: marketing
steps:
  - {title: {en: "Week 1", fr: "Semaine 1"}, note: {en: "Only *one*.", fr: "Un *seul*."}, modules: [m1]}
  - {title: {en: "Week 2", fr: "Semaine 2"}, modules: [m2]}
""",
}

_QUIZ = FILES["modules/m1/quiz.yaml"].replace("- id: m1-q-one\n", "- id: m1-q-one\n    documents: [policy]\n")
_RECAP = FILES["modules/m1/exercises/recap.yaml"].replace(
    "    domain: marketing\n", "    domain: marketing\n    documents: [policy]\n"
)
_MODULE = FILES["modules/m1/module.yaml"].replace("file: mission.yaml", "file: mission.yaml, documents: [policy]")

FULL = {
    **FILES,
    **CATALOGUE,
    "modules/m1/quiz.yaml": _QUIZ,
    "modules/m1/exercises/recap.yaml": _RECAP,
    "modules/m1/module.yaml": _MODULE,
}


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """The full pack with one thing changed."""
    assert FULL[name].count(old) >= 1, (name, old)
    return {**FULL, name: FULL[name].replace(old, new, 1)}
