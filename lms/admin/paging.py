"""Long lists without counting a million rows for the sake of a number nobody reads."""

from functools import cached_property

from django.core.paginator import Paginator

#: As far as anybody turns pages; further on one filters or searches.
MOST_COUNTED = 10_000


class AtLeast(int):
    """A number that stopped being counted; it says so wherever it is shown."""

    def __str__(self) -> str:
        return f"{int(self)}+"


class CappedPaginator(Paginator):
    """Counts no further than ``MOST_COUNTED`` rows."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not hasattr(rows, "order_by"):
            return int(super().count)
        found = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
        return AtLeast(MOST_COUNTED) if found > MOST_COUNTED else found
