"""Changing a form's definition piece by piece, and saying in words what a new version changes. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from tsunagu.questionnaires.definition import Check, Definition, Field, Kind, Section


def _with(definition: Definition, sections: Iterable[Section]) -> Definition:
    kept = tuple(sections)
    return replace(definition, sections=kept, by_key={one.key: one for s in kept for one in s.fields})


def free_key(taken: Iterable[str], wanted: str, *, fallback: str) -> str:
    """A key nobody has yet: from the words where they are Latin letters, else numbered."""
    known = set(taken)
    base = re.sub(r"[^a-z0-9]+", "_", wanted.lower()).strip("_")[:30]
    base = base if base and base[0].isalpha() else fallback
    if base not in known and base != fallback:
        return base
    number = 1
    while f"{base}_{number}" in known:
        number += 1
    return f"{base}_{number}"


def put_section(definition: Definition, section: Section) -> Definition:
    """The section in the place of the one of its key, or at the end."""
    if definition.section(section.key) is None:
        return _with(definition, [*definition.sections, section])
    return _with(definition, [section if one.key == section.key else one for one in definition.sections])


def drop_section(definition: Definition, key: str) -> Definition:
    return _with(definition, [one for one in definition.sections if one.key != key])


def move_section(definition: Definition, key: str, step: int) -> Definition:
    """The section one place up (-1) or down (1)."""
    return _with(definition, _moved(list(definition.sections), key, step))


def _moved(rows: list[Any], key: str, step: int) -> list[Any]:
    place = next((number for number, one in enumerate(rows) if one.key == key), None)
    if place is None or not 0 <= place + step < len(rows):
        return rows
    rows[place], rows[place + step] = rows[place + step], rows[place]
    return rows


def put_field(definition: Definition, section: str, field: Field) -> Definition:
    """The field in the place of the one of its key, or at the end of the section."""
    place = definition.section(section)
    if place is None:
        return definition
    known = any(one.key == field.key for one in place.fields)
    fields = [field if one.key == field.key else one for one in place.fields] + ([] if known else [field])
    return put_section(definition, replace(place, fields=tuple(fields)))


def drop_field(definition: Definition, key: str) -> Definition:
    place = definition.section_of(key)
    if place is None:
        return definition
    return put_section(
        definition, replace(place, fields=tuple(one for one in place.fields if one.key != key))
    )


def move_field(definition: Definition, key: str, step: int) -> Definition:
    """The field one place up (-1) or down (1) in its section."""
    place = definition.section_of(key)
    if place is None:
        return definition
    return put_section(definition, replace(place, fields=tuple(_moved(list(place.fields), key, step))))


def put_checks(definition: Definition, checks: Iterable[Check]) -> Definition:
    return replace(definition, checks=tuple(checks))


def changes(before: Definition, after: Definition) -> list[str]:
    """What a new version changes, a sentence each."""
    found = []
    old = {one.key: one for one in before.fields()}
    new = {one.key: one for one in after.fields()}
    for key in new.keys() - old.keys():
        found.append(_("加わる質問: %(label)s") % {"label": new[key].label})
    for key in old.keys() - new.keys():
        found.append(
            _("なくなる質問: %(label)s（書いてある回答は残り、書いた人に示します）")
            % {"label": old[key].label}
        )
    for key in sorted(old.keys() & new.keys()):
        found += _field_changes(old[key], new[key])
    titles = {one.key: one.title for one in before.sections}
    found += [
        _("章の名前: %(before)s → %(after)s") % {"before": titles[one.key], "after": one.title}
        for one in after.sections
        if one.key in titles and titles[one.key] != one.title
    ]
    return sorted(found)


def _field_changes(old: Field, new: Field) -> list[str]:
    found = []
    if old.label != new.label:
        found.append(_("見出しが変わる: %(before)s → %(after)s") % {"before": old.label, "after": new.label})
    if old.kind != new.kind:
        said = _("種類が変わる: %(label)s（%(before)s → %(after)s）。合わない回答は書いた人に示します")
        found.append(
            said % {"label": new.label, "before": Kind(old.kind).label, "after": Kind(new.kind).label}
        )
    if new.required and not old.required:
        found.append(_("必須になる: %(label)s") % {"label": new.label})
    if new.limit < old.limit and new.kind in {Kind.TEXT, Kind.LONG}:
        found.append(_("短くなる: %(label)s（%(limit)d文字まで）") % {"label": new.label, "limit": new.limit})
    gone = {one.code for one in old.options} - {one.code for one in new.options}
    if gone:
        words = "、".join(old.option_label(one) for one in sorted(gone))
        found.append(_("なくなる選択肢: %(label)s（%(words)s）") % {"label": new.label, "words": words})
    return found


def warnings(definition: Definition) -> list[str]:
    """What may be published and still is no kindness to those who answer."""
    return [
        _("「%(label)s」は必須の長い文ですが、手引きか文字数の上限がありません。") % {"label": one.label}
        for one in definition.fields()
        if one.kind == Kind.LONG and one.required and not (one.longest and (one.help or one.guidance))
    ]
