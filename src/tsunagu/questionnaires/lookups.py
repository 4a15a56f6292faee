"""What is typed for a region or an organisation, tied to the registry's own record where there is exactly one."""

import re
import unicodedata
from typing import Any

from django.db.models import Q, QuerySet

from tsunagu.engines.textsearch.folding import fold
from tsunagu.questionnaires.definition import Field, Kind
from tsunagu.questionnaires.values import Value, is_empty
from tsunagu.registry.models import LocalGovernment, Organisation, Region


def tied(field: Field, typed: Value) -> Value:
    """The answer with what the registry knows of it: a region's code, an organisation's name or number."""
    if is_empty(typed):
        return ""
    if field.kind == Kind.REGION:
        return _region(typed if isinstance(typed, str) else typed.get("code") or typed.get("name", ""))
    if field.kind == Kind.ORGANISATION:
        return _organisation(typed if isinstance(typed, dict) else {"name": typed})
    if field.kind == Kind.ROWS and isinstance(typed, list):
        columns = {one.key: one for one in field.columns}
        return [
            {key: tied(columns[key], value) for key, value in row.items() if key in columns} for row in typed
        ]
    return typed


def _plain(text: Any) -> str:
    return unicodedata.normalize("NFKC", str(text)).strip()


def _region(text: str) -> Value:
    """A region by its code, or by its name when only one has it; what is not found stays as typed."""
    code = re.search(r"(?<!\d)\d{6}(?!\d)", _plain(text))
    if code:
        place = LocalGovernment.objects.filter(pk=code[0]).first()
        if place is not None:
            return {"code": place.lg_code, "name": place.name}
    group = Region.objects.filter(Q(code=_plain(text)) | Q(kind="group", name=text.strip())).first()
    if group is not None:
        return {"code": group.code, "name": group.name}
    named = list(places_named(text))
    return {"code": named[0].lg_code, "name": named[0].name} if len(named) == 1 else text


def places_named(text: str) -> QuerySet[LocalGovernment]:
    """Local governments of a name, with its prefecture before it or without."""
    name = text.strip()
    found = LocalGovernment.objects.filter(name=name).select_related("prefecture")
    if found.exists():
        return found
    for one in LocalGovernment.objects.filter(prefecture=None, name__startswith=name[:1]) if name else ():
        if name.startswith(one.name):
            inside = LocalGovernment.objects.filter(prefecture=one, name=name[len(one.name) :].strip())
            return inside.select_related("prefecture")
    return found


def _organisation(typed: dict[str, Any]) -> Value:
    """An organisation as typed, with its registered name when only the number was given."""
    number = re.sub(r"[\s-]", "", _plain(typed.get("corporate_number", "")))
    name = str(typed.get("name", "")).strip()
    if number and not name:
        known = Organisation.objects.filter(corporate_number=number, merged_into=None).first()
        name = known.name if known else ""
    if not name and not number:
        return ""
    found: dict[str, Any] = {"name": name}
    if number:
        found["corporate_number"] = number
    return found


def suggestions(typed: Value) -> list[str]:
    """The regions a name may stand for, with their codes; empty when it is clear or nothing has that name."""
    if not isinstance(typed, str) or is_empty(typed):
        return []
    return [f"{one.prefecture or ''}{one.name} {one.lg_code}" for one in places_named(typed)[:8]]


def known_organisation(value: Value) -> Organisation | None:
    """The registry's record of an organisation that was answered, by its number or its exact name."""
    if not isinstance(value, dict):
        return None
    number, name = value.get("corporate_number", ""), value.get("name", "")
    standing = Organisation.objects.filter(merged_into=None)
    if number and (found := standing.filter(corporate_number=number).first()):
        return found
    same = [
        one for one in standing.filter(name_folded=fold(name))[:2] if not (number and one.corporate_number)
    ]
    return same[0] if len(same) == 1 else None
