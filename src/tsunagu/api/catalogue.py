"""The catalogue for machines: DCAT 3 as JSON-LD and Turtle, schema.org, and the lists other catalogues harvest.

Source: W3C Data Catalog Vocabulary (DCAT) Version 3; schema.org/Dataset; CKAN action API, which Japan's catalogue reads.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from tsunagu.api.addresses import catalogue, table_file, table_page
from tsunagu.api.models import TableState
from tsunagu.api.tables.base import Table

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA = {"csv": "text/csv", "json": "application/json"}
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/IRREG"
JAPAN = "http://publications.europa.eu/resource/authority/country/JPN"
TITLE = {"ja": "地域DX推進ラボ 公開データ", "en": "Regional DX Promotion Labs: open data"}
PUBLISHER = {"ja": "地域DX推進ラボ 事務局", "en": "Secretariat of the Regional DX Promotion Labs"}
Node = dict[str, Any]


def _said(**texts: str) -> list[Node]:
    return [{"@language": language, "@value": text} for language, text in texts.items() if text]


def _typed(value: str | int, kind: str) -> Node:
    return {"@value": str(value), "@type": f"xsd:{kind}"}


def _link(address: str) -> Node:
    return {"@id": address}


def _distribution(table: Table, state: TableState | None, base: str, language: str, kind: str) -> Node:
    address = base + table_file(table.key, kind, language)
    node: Node = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _said(**{language: f"{table.title_en if language == 'en' else table.title} ({kind.upper()})"}),
        "dcat:accessURL": _link(base + table_page(table.key, language)),
        "dcat:downloadURL": _link(address),
        "dcat:mediaType": _link(f"https://www.iana.org/assignments/media-types/{MEDIA[kind]}"),
        "dct:license": _link(table.licence.address),
        "dct:language": _link(f"http://publications.europa.eu/resource/authority/language/{'ENG' if language == 'en' else 'JPN'}"),
    }  # fmt: skip
    if kind == "json":
        node["dct:conformsTo"] = _link(base + table_file(table.key, "schema.json", language))
    if state is not None and (kind, language) == ("csv", "ja"):
        node["dcat:byteSize"] = _typed(state.size, "nonNegativeInteger")
        node["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _link("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"),
            "spdx:checksumValue": _typed(state.digest, "hexBinary"),
        }
    return node


def version_of(state: TableState) -> str:
    """A name for what a table reads like: the day it came to read so, and the beginning of its digest."""
    return f"{timezone.localdate(state.changed_at):%Y-%m-%d}.{state.digest[:8]}"


def dataset(table: Table, state: TableState | None, base: str) -> Node:
    """A table as a dataset of DCAT."""
    node: Node = {
        "@id": base + table_page(table.key, "ja"),
        "@type": "dcat:Dataset",
        "dct:identifier": table.key,
        "dct:title": _said(ja=table.title, en=table.title_en),
        "dct:description": _said(ja=table.about, en=table.about_en),
        "dct:publisher": _link(f"{base}/#publisher"),
        "dcat:contactPoint": _contact(base),
        "dct:license": _link(table.licence.address),
        "dct:accrualPeriodicity": _link(FREQUENCY),
        "dct:spatial": _link(JAPAN),
        "dct:temporal": {"@type": "dct:PeriodOfTime", "dcat:startDate": _typed("2016-01-01", "date")},
        "dcat:keyword": _said_each(table.keywords),
        "dcat:theme": _link("http://publications.europa.eu/resource/authority/data-theme/REGI"),
        "dcat:landingPage": _link(base + table_page(table.key, "ja")),
        "dcat:distribution": [
            _distribution(table, state, base, language, kind) for language in ("ja", "en") for kind in MEDIA
        ],
    }
    if state is not None:
        node["dct:issued"] = _typed(_moment(state.issued_at), "dateTime")
        node["dct:modified"] = _typed(_moment(state.changed_at), "dateTime")
        node["dcat:version"] = version_of(state)
    return node


def _contact(base: str) -> Node:
    return {
        "@type": "vcard:Organization",
        "vcard:fn": PUBLISHER["ja"],
        "vcard:hasURL": _link(base + reverse("portal:sources")),
    }


def _said_each(words: Iterable[str]) -> list[Node]:
    return [{"@language": "ja", "@value": word} for word in words]


def _moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def service(base: str) -> Node:
    """The read API as a service of DCAT."""
    root = base + reverse("api:contents")
    return {
        "@id": root,
        "@type": "dcat:DataService",
        "dct:title": _said(ja="つなぐ API", en="Tsunagu API"),
        "dcat:endpointURL": _link(root),
        "dcat:endpointDescription": _link(base + reverse("api:description")),
    }


def as_jsonld(tables: Iterable[Table], states: Mapping[str, TableState], base: str) -> Node:
    """The whole catalogue as JSON-LD; each dataset, distribution and service is a node of its own."""
    datasets = [dataset(one, states.get(one.key), base) for one in tables]
    newest = max((one.changed_at for one in states.values()), default=None)
    top: Node = {
        "@id": base + catalogue("jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": _said(**TITLE),
        "dct:description": _said(
            ja="地域DX推進ラボの選定・活動・事例・公表値の公開データ", en="Selections, activities, cases and published figures"
        ),
        "dct:publisher": {"@id": f"{base}/#publisher", "@type": "foaf:Organization", "foaf:name": _said(**PUBLISHER)},
        "foaf:homepage": _link(base + reverse("data:list")),
        "dct:language": _link("http://publications.europa.eu/resource/authority/language/JPN"),
        "dct:license": _link("https://creativecommons.org/licenses/by/4.0/"),
        "dcat:dataset": [_link(one["@id"]) for one in datasets],
        "dcat:service": service(base),
    }  # fmt: skip
    if newest is not None:
        top["dct:modified"] = _typed(_moment(newest), "dateTime")
    return {"@context": CONTEXT, "@graph": [top, *datasets]}


def as_turtle(whole: Node) -> str:
    """The same graph in Turtle."""
    lines = [f"@prefix {prefix}: <{address}> ." for prefix, address in whole["@context"].items()]
    for node in whole["@graph"]:
        lines.append("")
        lines.append(f"<{node['@id']}> {_statements(node)} .")
        for inner in _named_inside(node):
            lines.append(f"<{inner['@id']}> {_statements(inner)} .")
    return "\n".join(lines) + "\n"


def _named_inside(node: Node) -> list[Node]:
    """Nodes with an address of their own that are described inside another."""
    found = []
    for value in node.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and "@id" in one and len(one) > 1:
                found.append(one)
    return found


def _statements(node: Node) -> str:
    parts = []
    for key, value in node.items():
        if key == "@id":
            continue
        values = value if isinstance(value, list) else [value]
        if not values:
            continue
        verb = "a" if key == "@type" else key
        parts.append(f"{verb} " + ", ".join(_object(one, key) for one in values))
    return " ;\n    ".join(parts)


def _object(value: Any, key: str) -> str:
    if key == "@type":
        return str(value)
    if isinstance(value, dict):
        if "@id" in value:
            return f"<{value['@id']}>"
        if "@value" in value:
            tail = f"@{value['@language']}" if "@language" in value else f"^^{value['@type']}"
            return _quoted(value["@value"]) + tail
        return f"[ {_statements(value)} ]"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    # JSON's way of writing a string is one of Turtle's.
    return json.dumps(text, ensure_ascii=False)


def as_schema_org(table: Table, state: TableState | None, base: str, language: str) -> Node:
    """A table as schema.org's Dataset, for search engines."""
    english = language == "en"
    node: Node = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": base + table_page(table.key, language),
        "url": base + table_page(table.key, language),
        "identifier": table.key,
        "name": table.title_en if english else table.title,
        "description": table.about_en if english else table.about,
        "license": table.licence.address,
        "isAccessibleForFree": True,
        "inLanguage": language,
        "keywords": list(table.keywords),
        "spatialCoverage": "JP",
        "temporalCoverage": "2016-01-01/..",
        "creator": {"@type": "Organization", "name": PUBLISHER["en" if english else "ja"]},
        "variableMeasured": [one.label_in(language) for one in table.shown],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": MEDIA[kind],
                "contentUrl": base + table_file(table.key, kind, language),
            }
            for kind in MEDIA
        ],
        "includedInDataCatalog": {"@type": "DataCatalog", "url": base + catalogue("jsonld")},
    }
    if state is not None:
        node["datePublished"] = timezone.localdate(state.issued_at).isoformat()
        node["dateModified"] = timezone.localdate(state.changed_at).isoformat()
        node["version"] = version_of(state)
    return node


def as_package(table: Table, state: TableState | None, base: str) -> Node:
    """A table as other catalogues read it (CKAN `package_show`)."""
    return {
        "id": table.key,
        "name": table.key,
        "title": table.title,
        "notes": table.about,
        "license_id": table.licence.key,
        "license_title": table.licence.name,
        "license_url": table.licence.address,
        "organization": {"title": PUBLISHER["ja"]},
        "metadata_created": _moment(state.issued_at) if state else None,
        "metadata_modified": _moment(state.changed_at) if state else None,
        "version": version_of(state) if state else None,
        "tags": [{"name": word} for word in table.keywords],
        "resources": [
            {
                "id": f"{table.key}.{kind}",
                "name": f"{table.title}（{kind.upper()}）",
                "format": kind.upper(),
                "mimetype": MEDIA[kind],
                "url": base + table_file(table.key, kind, "ja"),
                "hash": state.digest if state and kind == "csv" else "",
                "size": state.size if state and kind == "csv" else None,
            }
            for kind in MEDIA
        ],
    }
