"""Where an answer sheet stands: what is asked, what is missing, what does not fit together. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.questionnaires.definition import (
    Check,
    CheckKind,
    Condition,
    Definition,
    Field,
    Kind,
    Operator,
    Section,
)
from tsunagu.questionnaires.values import Problem, Value, as_number, check_value, is_empty, is_empty_row

Answers = Mapping[str, Value]


class State(TextChoices):
    """Where a section stands, in the words of the task list."""

    NOT_STARTED = "not_started", gettext_lazy("未着手")
    STARTED = "started", gettext_lazy("入力中")
    COMPLETE = "complete", gettext_lazy("完了")
    TO_MEND = "to_mend", gettext_lazy("要修正")
    CLOSED = "closed", gettext_lazy("変更できません")


@dataclass(frozen=True)
class SectionState:
    """One line of the task list."""

    section: Section
    state: State
    answered: int
    asked: int
    problems: tuple[Problem, ...] = ()
    reason: str = ""


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether a condition holds for the answers given so far."""
    value = answers.get(condition.field)
    if condition.operator == Operator.FILLED:
        return not is_empty(value)
    if condition.operator == Operator.EMPTY:
        return is_empty(value)
    if condition.operator == Operator.HAS:
        return condition.value in (value if isinstance(value, list) else [value])
    return (str(value or "") == condition.value) == (condition.operator == Operator.IS)


def is_asked(where: Field | Section, answers: Answers) -> bool:
    return all(holds(one, answers) for one in where.show_if)


def asked_sections(definition: Definition, answers: Answers) -> list[Section]:
    """The sections that are asked, with only the fields that are asked."""
    return [
        replace(one, fields=tuple(each for each in one.fields if is_asked(each, answers)))
        for one in definition.sections
        if is_asked(one, answers)
    ]


def problems(definition: Definition, answers: Answers) -> list[Problem]:
    """Everything that keeps an answer sheet from being sent, in the order of the form."""
    found: list[Problem] = []
    asked = asked_sections(definition, answers)
    for section in asked:
        for field in section.fields:
            found += [
                replace(one, section=section.key) for one in _field_problems(field, answers.get(field.key))
            ]
    known = {each.key for section in asked for each in section.fields}
    for check in definition.checks:
        if set(check.fields) <= known and not passes(check, definition, answers):
            place = definition.section_of(check.fields[0])
            found.append(
                Problem(check.fields[0], check_words(check, definition), section=place.key if place else "")
            )
    return found


def _field_problems(field: Field, value: Value) -> list[Problem]:
    if is_empty(value):
        if field.required or (field.kind == Kind.ROWS and field.fewest_rows):
            return [Problem(field.key, _must(field))]
        return []
    found = check_value(field, value)
    if field.kind == Kind.ROWS and isinstance(value, list):
        filled = sum(not is_empty_row(one) for one in value)
        if filled < field.fewest_rows:
            found.append(
                Problem(field.key, _("%(least)d行以上書いてください。") % {"least": field.fewest_rows})
            )
    return found


def _must(field: Field) -> str:
    if field.kind in {Kind.CHOICE, Kind.CHOICES, Kind.YES_NO}:
        return _("選んでください。")
    if field.kind == Kind.FILE:
        return _("ファイルを付けてください。")
    if field.kind == Kind.ROWS:
        return _("%(least)d行以上書いてください。") % {"least": max(field.fewest_rows, 1)}
    return _("書いてください。")


def _numbers(keys: Iterable[str], answers: Answers) -> list[Decimal | None]:
    return [as_number(answers.get(key)) for key in keys]


def passes(check: Check, definition: Definition, answers: Answers) -> bool:
    """Whether a check over several fields holds; what is not filled in yet cannot break it."""
    values = [answers.get(key) for key in check.fields]
    if check.kind == CheckKind.ONE_OF:
        return any(not is_empty(one) for one in values)
    if check.kind == CheckKind.NOT_AFTER:
        first, second = values[:2]
        return is_empty(first) or is_empty(second) or str(first) <= str(second)
    numbers = _numbers(check.fields, answers)
    if any(one is None for one in numbers):
        return True
    known = [one for one in numbers if one is not None]
    if check.kind == CheckKind.NOT_MORE:
        return known[0] <= known[1]
    total = sum(known[:-1], Decimal(0))
    return total == known[-1] if check.kind == CheckKind.SUM_IS else total <= known[-1]


def check_words(check: Check, definition: Definition) -> str:
    """What to tell when a check does not hold: the secretariat's own words, or the rule's."""
    if check.message:
        return check.message
    names = [field.label for key in check.fields if (field := definition.field(key))]
    return f"{CheckKind(check.kind).label}: {'、'.join(names)}"


def section_states(
    definition: Definition,
    answers: Answers,
    *,
    open_sections: Mapping[str, str] | None = None,
    changed: Iterable[str] = (),
) -> list[SectionState]:
    """The task list. `open_sections` (key → reason) names what was returned for correction; None opens everything.

    A returned section asks for mending until one of its fields (`changed`) was changed.
    """
    by_section: dict[str, list[Problem]] = {}
    for one in problems(definition, answers):
        by_section.setdefault(one.section, []).append(one)
    changed = set(changed)
    states = []
    for section in asked_sections(definition, answers):
        wrong = tuple(by_section.get(section.key, ()))
        answered = sum(not is_empty(answers.get(each.key)) for each in section.fields)
        state = _state(section, answered, wrong)
        reason = ""
        if open_sections is not None:
            if section.key not in open_sections:
                state = State.CLOSED
            else:
                reason = open_sections[section.key]
                if wrong or not any(each.key in changed for each in section.fields):
                    state = State.TO_MEND
        states.append(SectionState(section, state, answered, len(section.fields), wrong, reason))
    return states


def _state(section: Section, answered: int, wrong: tuple[Problem, ...]) -> State:
    if not wrong:
        return (
            State.COMPLETE
            if answered or not any(one.required for one in section.fields)
            else State.NOT_STARTED
        )
    return State.STARTED if answered else State.NOT_STARTED


@dataclass(frozen=True)
class Carried:
    """How answers fit another version of the form: what fits, and what has no place any more (never thrown away)."""

    fitting: dict[str, Value]
    unmatched: dict[str, Value]


def carry_over(answers: Answers, definition: Definition) -> Carried:
    """Which answers fit a version of the form; one whose kind changed so that it cannot be read is listed, not lost."""
    fitting, unmatched = {}, {}
    for key, value in answers.items():
        field = definition.field(key)
        if field is None or not _fits(field, value):
            if not is_empty(value):
                unmatched[key] = value
        else:
            fitting[key] = value
    return Carried(fitting, unmatched)


def _fits(field: Field, value: Value) -> bool:
    """Whether a value has the shape a field of this kind keeps; a wrong number in a number field is only a problem."""
    if is_empty(value):
        return True
    if field.kind == Kind.ROWS:
        keys = {one.key for one in field.columns}
        return isinstance(value, list) and all(isinstance(one, dict) and set(one) <= keys for one in value)
    if field.kind == Kind.CHOICES:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if field.kind in {Kind.FILE, Kind.ORGANISATION, Kind.REGION}:
        return isinstance(value, dict)
    return isinstance(value, str)


def changed_keys(before: Answers, after: Answers) -> list[str]:
    """The fields whose answers differ."""
    return sorted(
        key
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key) and not (is_empty(before.get(key)) and is_empty(after.get(key)))
    )


def untagged_criteria(definition: Definition, tags: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Criteria to which no paragraph is tagged; told to the applicant before sending."""
    tagged = set(tags)
    return [one for one in wanted if one not in tagged]
