"""Harvest everything: read the catalogue, then every table it lists, and check what arrives.

    python examples/harvest.py https://…/ [FOLDER]

Needs Python 3.11 and nothing else. It knows only DCAT: the catalogue says where each file is, how large it was, what
its digest was and under which licence it may be used. Files are written to FOLDER when one is given. Ends with 1 when
something could not be read.
"""

import csv
import hashlib
import io
import json
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

CATALOGUE = "data/catalog.jsonld"
TIMEOUT = 30


def fetch(address: str) -> bytes:
    """The bytes at an address."""
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"not an address of the web: {address}")
    request = urllib.request.Request(address, headers={"User-Agent": "tsunagu-harvest-example/1"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
        body: bytes = answer.read()
        return body


def datasets(catalogue: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The datasets of a DCAT catalogue in JSON-LD."""
    for node in catalogue["@graph"]:
        if node.get("@type") == "dcat:Dataset":
            yield node


def files(dataset: dict[str, Any], language: str = "JPN") -> dict[str, dict[str, Any]]:
    """The distributions of a dataset in a language, by media type."""
    return {
        one["dcat:mediaType"]["@id"].rsplit("/", 1)[-1]: one
        for one in dataset["dcat:distribution"]
        if one["dct:language"]["@id"].endswith(language)
    }


def rows_of_csv(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV, by heading."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def is_as_promised(data: bytes, file: dict[str, Any]) -> bool | None:
    """Whether the digest is the catalogue's; None where it states none."""
    promised = file.get("spdx:checksum")
    if promised is None:
        return None
    return hashlib.sha256(data).hexdigest() == promised["spdx:checksumValue"]["@value"]


def harvest(site: str, folder: Path | None) -> int:
    """Read everything; returns how many tables could not be read."""
    catalogue = json.loads(fetch(urljoin(site, CATALOGUE)))
    failed = 0
    for dataset in datasets(catalogue):
        name = dataset["dct:identifier"]
        found = files(dataset)
        try:
            table = fetch(found["csv"]["dcat:downloadURL"]["@id"])
            whole = json.loads(fetch(found["json"]["dcat:downloadURL"]["@id"]))
            rows = rows_of_csv(table)
            if len(rows) != len(whole["rows"]):
                raise ValueError(f"CSV {len(rows)} rows, JSON {len(whole['rows'])}")
        except (OSError, ValueError, KeyError) as error:
            failed += 1
            print(f"{name}: {error}", file=sys.stderr)
            continue
        promised = {True: "as promised", False: "changed since", None: ""}[
            is_as_promised(table, found["csv"])
        ]
        print(f"{name}\t{len(rows)} rows\t{dataset['dct:license']['@id']}\t{promised}")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.csv").write_bytes(table)
    return failed


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    sys.exit(1 if harvest(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) == 3 else None) else 0)
