"""Pure decisions: who fits a learner best, and whether anybody does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

DOMAIN, LANGUAGE, SITE, LOAD = 3, 2, 1, 2
#: Sharing a site alone does not make somebody able to help: the domain or the language has to be shared.
ENOUGH = 2


def affinity(*, same_domain: bool, same_language: bool, same_site: bool) -> int:
    return DOMAIN * same_domain + LANGUAGE * same_language + SITE * same_site


def match_score(*, same_domain: bool, same_language: bool, same_site: bool, open_requests: int, capacity: int) -> float:
    """3·domain + 2·language + 1·site − 2·load, where load is the share of the capacity that is taken."""
    shared = affinity(same_domain=same_domain, same_language=same_language, same_site=same_site)
    return shared - LOAD * open_requests / capacity


@dataclass(frozen=True)
class Candidate:
    """A champion who serves today."""

    champion_id: int
    learner_id: int
    domain_id: int | None
    languages: frozenset[str]
    site_id: int | None
    open_requests: int
    capacity: int
    last_asked_at: dt.datetime | None = None


@dataclass(frozen=True)
class Asker:
    """Somebody who may need help."""

    learner_id: int
    domain_id: int | None
    language: str
    site_id: int | None


def score_for(asker: Asker, candidate: Candidate) -> float | None:
    """None: does not fit - it is the same person, nothing is shared that helps, or there is no room left."""
    same_domain = asker.domain_id is not None and candidate.domain_id == asker.domain_id
    same_language = asker.language in candidate.languages
    same_site = asker.site_id is not None and candidate.site_id == asker.site_id
    if candidate.learner_id == asker.learner_id or candidate.open_requests >= candidate.capacity:
        return None
    if affinity(same_domain=same_domain, same_language=same_language, same_site=False) < ENOUGH:
        return None
    return match_score(
        same_domain=same_domain,
        same_language=same_language,
        same_site=same_site,
        open_requests=candidate.open_requests,
        capacity=candidate.capacity,
    )


def ranking(asker: Asker, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those who fit, the highest score first; between equals the one who was asked longest ago, or never."""
    scored = [(score, candidate) for candidate in candidates if (score := score_for(asker, candidate)) is not None]
    scored.sort(key=lambda pair: (-pair[0], _asked(pair[1]), pair[1].champion_id))
    return [candidate for _score, candidate in scored]


def best(asker: Asker, candidates: Iterable[Candidate]) -> Candidate | None:
    return next(iter(ranking(asker, candidates)), None)


def _asked(candidate: Candidate) -> float:
    return candidate.last_asked_at.timestamp() if candidate.last_asked_at else float("-inf")


def known_languages(given: Iterable[str], known: Collection[str]) -> list[str]:
    """Each once, in the company's order."""
    wanted = set(given)
    return [code for code in known if code in wanted]


def ancestors(path: str) -> list[str]:
    """A department's path and those above it: "A/B/C" gives "A", "A/B" and "A/B/C"."""
    parts = path.split("/")
    return ["/".join(parts[: place + 1]) for place in range(len(parts))]
