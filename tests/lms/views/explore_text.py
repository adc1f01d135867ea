"""Reading the pages of Explore as a person does: words in their order."""

import re

from django.urls import reverse
from django.utils.html import strip_tags

from lms.models import Completion
from tests.conftest import NOW


def text_of(client, name: str, *args: str, query: str = "") -> str:
    """The page's main part, tags gone, white space made one."""
    response = client.get(reverse(f"lms:{name}", args=args) + query)
    assert response.status_code == 200, (name, args, response.status_code)
    main = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    return re.sub(r"\s+", " ", strip_tags(main.group().replace("<", " <"))).strip()


def in_order(text: str, *parts: str) -> None:
    """Each part stands somewhere after the one before."""
    place = 0
    for part in parts:
        found = text.find(part, place)
        assert found >= 0, f"{part!r} is not after: {text[:place]!r}"
        place = found + len(part)


def finish(learner, module) -> None:
    Completion.objects.bulk_create(
        Completion(learner=learner, activity=one, opened_at=NOW, completed_at=NOW) for one in module.activities.all()
    )
