"""Showing answers in templates."""

from collections.abc import Mapping

from django import template

from tsunagu.questionnaires.definition import Field
from tsunagu.questionnaires.values import Value, shown

register = template.Library()


@register.simple_tag
def row_words(column: Field, row: Mapping[str, Value]) -> str:
    """One cell of a table of answers, in words."""
    return shown(column, row.get(column.key))
