"""Turning pages."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


def page_context(
    request: HttpRequest, rows: Sequence[Any] | QuerySet[Any], size: int = PAGE_SIZE
) -> dict[str, Any]:
    """The page asked for (the nearest there is) as `page`, with the numbers to link to."""
    paginator = Paginator(rows, size)
    page = paginator.get_page(request.GET.get("page"))
    return {
        "page": page,
        "page_numbers": list(paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
    }
