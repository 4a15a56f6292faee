"""Asking once: a question whose fact is known already is shown with its date and source, and can be changed, not asked."""

from collections.abc import Collection, Mapping

from django.http import QueryDict

from tsunagu.questionnaires.definition import Kind, Section
from tsunagu.questionnaires.hosting import Known
from tsunagu.questionnaires.inputs import Box
from tsunagu.questionnaires.models import Answer, Sheet
from tsunagu.questionnaires.selectors import known_facts
from tsunagu.questionnaires.values import check_value, is_empty, read_typed


def show_known(
    sheet: Sheet, boxes: list[Box], stored: Mapping[str, Answer], *, changing: Collection[str]
) -> None:
    """Mark the boxes whose answer is known and was not written here.

    Those being changed stay inputs, and so do tables and long texts: what was written another time is a proposal to be
    read over, no fact. A section returned for correction is asked anew.
    """
    asked = [
        one
        for one in boxes
        if one.field.element
        and one.field.key not in changing
        and not one.errors
        and one.kind not in {Kind.ROWS, Kind.LONG}
    ]
    if not asked or sheet.open_sections is not None:
        return
    facts = known_facts(sheet)
    for one in asked:
        answer, fact = stored.get(one.field.key), facts.get(one.field.element)
        if answer is not None and not is_empty(answer.value):
            # A person who writes takes the source away: what has one still stands as it was known.
            if answer.source:
                since = fact.since if fact else answer.updated_at
                one.fact = Known(answer.value, answer.source, since)
        elif fact is not None and _fits(one, fact):
            one.fact, one.is_offered = fact, True


def _fits(box: Box, fact: Known) -> bool:
    value = read_typed(box.field, fact.value)
    return not is_empty(value) and not check_value(box.field, value)


def confirmed(sheet: Sheet, section: Section, post: QueryDict) -> dict[str, Known]:
    """The facts that a form showed and that its sender left as they were, to be put into the sheet."""
    shown = {one.element for one in section.fields if one.element and f"k.{one.key}" in post}
    if not shown or sheet.open_sections is not None:
        return {}
    return {element: fact for element, fact in known_facts(sheet).items() if element in shown}
