"""What the demo's people wrote. Invented; short, as people write between two meetings."""

#: By language: task, what was checked, what to remember.
TRIES: dict[str, list[tuple[str, str, str]]] = {
    "fr": [
        ("Compte rendu du point qualité", "Chaque décision retrouvée dans mes notes ; une date corrigée", "Donner les destinataires change tout"),
        ("Réponse à une réclamation de livraison", "Numéro de commande et délai vérifiés dans le suivi", "Le ton était bon, le délai était inventé"),
        ("Ordre du jour de la réunion d’équipe", "Durées additionnées : 70 minutes pour une heure", "Demander de compter, puis recompter"),
        ("Résumé d’une note de procédure de six pages", "Trois points comparés au document, un oubli ajouté", "Coller le texte vaut mieux que le décrire"),
        ("Message aux équipes sur le nouveau planning", "Jours et horaires relus avec le tableau", "Préciser ce qui ne change pas"),
        ("Idées de titres pour l’article interne", "Aucun chiffre annoncé qui ne soit dans la fiche", "Dix idées, deux utilisables : c’est déjà bien"),
        ("Tableau de comparaison de deux devis", "Totaux recalculés à la main", "Il avait mélangé deux colonnes"),
        ("Préparation d’un entretien fournisseur", "Conditions relues dans le contrat, pas dans la réponse", "Lui demander les questions, pas les réponses"),
        ("Reformulation d’un courriel trop sec", "Aucune promesse ajoutée", "Relire à voix haute avant d’envoyer"),
        ("Liste de contrôle pour l’accueil d’une personne", "Comparée avec la procédure RH en vigueur", "Deux étapes venaient d’une autre entreprise"),
        ("Synthèse des avis de douze clients", "Cinq avis relus au hasard : d’accord avec la synthèse", "Demander les exceptions, pas seulement la tendance"),
        ("Commentaire de l’écart du mois", "Chaque montant pointé dans le tableau", "Écrire « non indiqué » plutôt que deviner"),
    ],
    "en": [
        ("Minutes of Monday’s quality meeting", "Every decision found in my notes; one date corrected", "Naming the readers changes the whole text"),
        ("Answer to a delivery complaint", "Order number and delay checked in the tracking tool", "Good tone, invented delay"),
        ("Agenda for the team meeting", "Added up the durations: 70 minutes for one hour", "Ask for a count, then count again"),
        ("Summary of a six-page procedure", "Three points compared with the document, one gap filled", "Pasting the text beats describing it"),
        ("Note to the teams about the new schedule", "Days and hours checked against the table", "Say what does not change"),
        ("Comparison table of two quotes", "Totals computed again by hand", "It had mixed two columns"),
        ("Preparing a supplier meeting", "Terms read in the contract, not in the answer", "Ask it for the questions, not the answers"),
        ("Softer wording of a dry e-mail", "No promise added", "Read it aloud before sending"),
    ],
}  # fmt: skip

#: (who asks, language, question, answer or nothing)
QUESTIONS: list[tuple[str, str, str]] = [
    (
        "V0026",
        "Mon assistant résume bien mes courriels, mais il perd les pièces jointes. Comment demandez-vous ?",
        "Collez l’extrait utile de la pièce, avec son titre, juste sous le courriel. Et terminez par « cite la pièce dont vient chaque point ». "
        "Je vous montre sur un vrai cas jeudi si vous voulez.",
    ),
    (
        "V0024",
        "Puis-je coller un planning d’équipe si j’enlève les noms de famille ?",
        "Pas encore : à trois dans une équipe, un prénom et un horaire suffisent à reconnaître quelqu’un. Remplacez par « personne A, B, C » "
        "et gardez la table de correspondance chez vous.",
    ),
    ("V0007", "J’hésite sur la mission : ma tâche touche à des salaires. Par quoi la remplacer ?", ""),
]
CONTEST = (
    "Dans cet exercice, j’ai marqué la phrase sur le délai parce que chez nous il est différent. "
    "Je comprends la règle du document, mais l’énoncé pouvait prêter à confusion."
)
