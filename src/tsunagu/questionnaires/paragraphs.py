"""Paragraphs of long answers, and which criteria they speak to: the applicant's tags, else those of the field."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tsunagu.questionnaires.definition import Definition, Field, Kind
from tsunagu.questionnaires.flow import Answers, asked_sections
from tsunagu.questionnaires.values import is_empty, shown


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of an answer. Its fingerprint stays while its text does, wherever it moves inside the answer."""

    field: Field
    number: int
    text: str
    criteria: tuple[str, ...]
    fingerprint: str
    is_tagged: bool


def fingerprint(field: str, text: str) -> str:
    return hashlib.sha256(f"{field}\n{text}".encode()).hexdigest()[:24]


def paragraphs(
    definition: Definition, answers: Answers, tags: Mapping[str, list[str]]
) -> Iterator[Paragraph]:
    """Every paragraph of the answers that are asked, in the order of the form."""
    for section in asked_sections(definition, answers):
        for field in section.fields:
            value = answers.get(field.key)
            if is_empty(value):
                continue
            text = shown(field, value)
            parts = text.split("\n") if field.kind == Kind.LONG else [text]
            for number, part in enumerate([one for one in parts if one.strip()], start=1):
                mark = fingerprint(field.key, part)
                yield Paragraph(
                    field, number, part, tuple(tags.get(mark, field.criteria)), mark, mark in tags
                )


def tagged_criteria(definition: Definition, answers: Answers, tags: Mapping[str, list[str]]) -> set[str]:
    """The criteria to which some paragraph speaks."""
    return {criterion for one in paragraphs(definition, answers, tags) for criterion in one.criteria}
