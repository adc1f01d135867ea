"""How much the pages beside the tracks ask of the database: the same for one row and for three."""

import uuid

import pytest
from django.urls import reverse

from courses.models import PackVersion
from lms.progress import catalogue as catalogues
from tests.conftest import NOW
from tests.lms.views import explore_rows as rows


@pytest.fixture(autouse=True)
def _published(catalogue) -> None:
    """As in production: a version is published, so that the catalogue is held by the process."""
    PackVersion.objects.create(pack=catalogue.pack, number=1, digest=uuid.uuid4().hex, published_at=NOW)
    yield
    catalogues.forget()


#: Session, user, profile; then the page's own.
COUNTS = {
    ("explore",): 4,
    ("explore_paths",): 5,
    ("explore_path", "path-0"): 7,
    ("explore_roles",): 4,
    ("explore_role", "role-0"): 10,
    ("explore_portraits",): 4,
    ("explore_portrait", "portrait-0"): 6,
    ("explore_use_cases",): 9,
    ("explore_training",): 5,
    ("explore_glossary",): 4,
    ("explore_facts",): 6,
    ("explore_documents",): 4,
    ("explore_document", "document-0"): 4,
}


@pytest.fixture(params=[1, 3])
def shelves(request, cast, catalogue):
    modules = ["m1", "m2", "n1"][: request.param]
    skills = [one.slug for one in catalogue.skills][: request.param]
    domains = list(catalogue.domains.values())
    sectors = [rows.sector(catalogue, f"sector-{n}") for n in range(request.param)]
    for n in range(request.param):
        rows.path(catalogue, f"path-{n}", domain=domains[n], modules=[[one] for one in modules])
        role = rows.role(
            catalogue, f"role-{n}", levels=dict.fromkeys(skills, 2), leads_to=[f"role-{other}" for other in range(request.param)]
        )
        role.sectors.set(sectors)
        for m in range(request.param):
            rows.portrait(catalogue, f"portrait-{n}{m or ''}", domain=domains[n], role=role, modules=modules)
        rows.use_case(catalogue, f"case-{n}", domain=domains[n], modules=modules).sectors.set(sectors)
        rows.offer(catalogue, f"offer-{n}").skills.set(catalogue.skills[: request.param])
        rows.term(catalogue, f"term-{n}", f"Term {n}", see=["term-0"])
        rows.fact(catalogue, f"fact-{n}", modules=modules)
        rows.document(catalogue, f"document-{n}")


@pytest.mark.parametrize("page", COUNTS, ids=" ".join)
def test_a_page(page, shelves, page_of, cast, django_assert_num_queries) -> None:
    client = page_of(cast.ada)
    name, *args = page
    address = reverse(f"lms:{name}", args=args)
    client.get(address)  # the process reads the catalogue once
    with django_assert_num_queries(COUNTS[page]):
        assert client.get(address).status_code == 200
