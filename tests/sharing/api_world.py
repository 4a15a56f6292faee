"""Open data of the walk: every table, and a key of each lab."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

OF_THE_OFFICE = {"keys:revoke": "api_key"}
FOR_ALL = {
    "data:table": "api_table", "data:file": "api_file", "data:catalogue": "api_catalogue", "data:feed": "api_feed",
    "api:get-labs": "api_lab", "api:own_activity": "api_activity", "api:change_activity": "api_activity",
    "api:remove": "api_activity", "api:own_case": "api_case", "api:change_case": "api_case",
}  # fmt: skip
UNKNOWN = {"api:unknown": "api_rest", "crawlers:package_show": ""}


def single_records() -> dict[str, str]:
    """Addresses of single records: what a list shows; here asked for by a number that nothing has."""
    from tsunagu.api.tables.all import TABLES

    return {f"api:get-{one.key}": "api_nothing" for one in TABLES if one.key != "labs"}


def make_keys(where: str, lab: Any) -> tuple[dict[str, Any], dict[str, tuple[str, Any]]]:
    """The keys of the addresses, and what not everybody reads."""
    from tsunagu.accounts.models import Membership
    from tsunagu.api.models import AccessKey
    from tsunagu.api.stating import look_at
    from tsunagu.api.tables.all import BY_KEY

    look_at(BY_KEY["bureaus"])
    office = Membership.objects.get(lab=lab, role="lab_office").person
    made = AccessKey.objects.create(
        person=office, lab=lab, name=f"鍵秘{where}", scopes=["read"], start="tsg_abc", digest=where.ljust(64, "0"),
        expires_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    keys = {
        "api_key": {"pk": made.pk},
        "api_table": {"key": "labs"},
        "api_file": {"key": "cases", "kind": "csv"},
        "api_catalogue": {"kind": "jsonld"},
        "api_feed": {"kind": "atom"},
        "api_lab": {"number": lab.slug},
        "api_activity": {"number": 1},
        "api_case": {"number": "C-0001"},
        "api_nothing": {"number": "nothing"},
        "api_rest": {"rest": "nothing"},
    }
    texts = {
        f"鍵秘{where}": ("entry", lambda text: AccessKey.objects.filter(pk=made.pk).update(name=text)),
    }
    return keys, texts
