"""Checking the chain: everything is hashed again here, by other code than wrote it.

What one link covers: seq, act, time, number of changes, digest of act and changes, and the link before (SHA-256 each).
A chain alone cannot see that its end was cut off or that all of it was written anew: heads kept elsewhere can.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import psycopg
from django.utils.translation import gettext as _

BATCH = 5_000
MICROS = "(extract(epoch FROM {0}) * 1000000)::bigint::text"
ACT_LINE = f"""jsonb_build_array(a.id, a.xid::text, {MICROS.format("a.began_at")}, a.person_id, a.person,
  a.acting_for_id, a.acting_for, a.via, a.address, a.database_role)::text"""
CHANGE_LINE = (
    """jsonb_build_array(c.id, c.act_id, c.table_name, c.record_id, c.action, c.before, c.after)::text"""
)
SEALS = f"""
SELECT s.seq, s.act_id, {MICROS.format("s.sealed_at")}, s.changes, s.digest, s.hash, {ACT_LINE}
FROM history_seal s LEFT JOIN history_act a ON a.id = s.act_id WHERE s.seq > %s ORDER BY s.seq LIMIT {BATCH}
"""  # noqa: S608 - constants of this file only
CHANGES = f"""
SELECT c.act_id, {CHANGE_LINE} FROM history_change c WHERE c.act_id = ANY (%s) ORDER BY c.act_id, c.id
"""  # noqa: S608 - constants of this file only
STRAY = """
SELECT 'act', a.id FROM history_act a WHERE NOT EXISTS (SELECT FROM history_seal s WHERE s.act_id = a.id)
UNION ALL
SELECT 'change', c.id FROM history_change c WHERE NOT EXISTS (SELECT FROM history_act a WHERE a.id = c.act_id)
ORDER BY 1, 2 LIMIT 20
"""


@dataclass(frozen=True)
class Head:
    """The end of the chain at a moment, kept outside the database."""

    seq: int
    hash: str


@dataclass
class Report:
    """What a check found: nothing in `broken` means the history is as it was written."""

    seals: int = 0
    changes: int = 0
    head: Head = Head(0, "")
    anchors: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.broken


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _line(*values: Any) -> str:
    """As PostgreSQL writes a jsonb array: a space after each comma, text as it is."""
    return json.dumps(values, ensure_ascii=False, separators=(", ", ": "))


def link_hash(seq: int, act: int, micros: str, changes: int, digest: bytes, before: str) -> str:
    """The hash of one link in hexadecimal digits; `before` is the link before it, empty for the first."""
    return _sha256(_line(seq, act, micros, changes, digest.hex(), before)).hex()


def _digests(connection: psycopg.Connection[Any], acts: list[int]) -> Iterator[tuple[int, int, bytes]]:
    """For each act that has changes: its number, how many, and their hashes one after another."""
    with connection.cursor(name="history_changes") as cursor:
        cursor.itersize = 20_000
        cursor.execute(CHANGES, [acts])
        for act, rows in groupby(cursor, key=lambda row: row[0]):
            hashes = [_sha256(line) for _act, line in rows]
            yield act, len(hashes), b"".join(hashes)


def examine(connection: psycopg.Connection[Any], anchors: Iterable[Head] = ()) -> Report:
    """Check the whole chain against the records it covers and against heads kept elsewhere.

    Needs a connection outside any transaction; sees one moment of the database.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return look_through(connection, anchors)


def look_through(connection: psycopg.Connection[Any], anchors: Iterable[Head] = ()) -> Report:
    """As `examine`, within the transaction the caller is in."""
    report = Report()
    wanted = {anchor.seq: anchor.hash for anchor in anchors}
    report.anchors = len(wanted)
    with connection.transaction():
        while rows := connection.execute(SEALS, [report.head.seq]).fetchall():
            _examine_links(connection, rows, report, wanted)
        for kind, number in connection.execute(STRAY).fetchall():
            report.broken.append(
                _("記録%(number)sが鎖につながっていません。") % {"number": number}
                if kind == "act"
                else _("変更%(number)sの行いが消えています。") % {"number": number}
            )
    for seq in sorted(wanted):
        report.broken.append(
            _(
                "控えにある%(seq)s番目が、変わったか、なくなっています（末尾の切り落とし、または全体の書き直し）。"
            )
            % {"seq": seq}
        )
    return report


def _examine_links(
    connection: psycopg.Connection[Any], rows: list[Any], report: Report, wanted: dict[int, str]
) -> None:
    """Check a run of links; anchors that fit are taken out of `wanted`."""
    digests = {act: (count, hashes) for act, count, hashes in _digests(connection, [row[1] for row in rows])}
    for seq, act, micros, changes, digest, hash_, act_line in rows:
        if seq != report.head.seq + 1:
            report.broken.append(_("%(seq)s番目の前が抜けています。") % {"seq": seq})
        count, hashes = digests.get(act, (0, b""))
        if act_line is None:
            report.broken.append(_("%(seq)s番目の行いが消えています。") % {"seq": seq})
        elif hashlib.sha256(_sha256(act_line) + hashes).digest() != bytes(digest) or count != changes:
            report.broken.append(
                _("%(seq)s番目の行いか変更が、書き換え・削除・追加されています（行い%(act)s）。")
                % {"seq": seq, "act": act}
            )
        if link_hash(seq, act, micros, changes, bytes(digest), report.head.hash) != bytes(hash_).hex():
            report.broken.append(
                _("%(seq)s番目の印が、前の印と合いません（書き換えか並べ替え）。") % {"seq": seq}
            )
        report.seals += 1
        report.changes += count
        report.head = Head(seq, bytes(hash_).hex())
        if wanted.get(seq) == report.head.hash:
            del wanted[seq]
