"""Ways to change the past of a database, for somebody with all rights on it and triggers switched off."""

import random
from collections.abc import Callable
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]
Tampering = Callable[[Connection, random.Random], str]


def _one(connection: Connection, query: str, *values: object) -> Any:
    row = connection.execute(query, values).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def _some_change(connection: Connection, dice: random.Random, only: str = "true") -> int:
    count = _one(connection, f"SELECT count(*) FROM history_change WHERE {only}")
    return int(
        _one(
            connection,
            f"SELECT id FROM history_change WHERE {only} ORDER BY id OFFSET %s LIMIT 1",
            dice.randrange(count),
        )
    )


def _some_seal(connection: Connection, dice: random.Random, *, but_last: int = 0) -> int:
    last = _one(connection, "SELECT max(seq) FROM history_seal")
    return dice.randint(1, last - but_last)


def edit_value(connection: Connection, dice: random.Random) -> str:
    """One character of what a record became."""
    change = _some_change(connection, dice, "after IS NOT NULL AND after::text ~ '[a-z0-9]'")
    text = _one(connection, "SELECT after::text FROM history_change WHERE id = %s", change)
    places = [number for number, one in enumerate(text) if one in "0123456789"] or [
        number for number, one in enumerate(text) if one.isascii() and one.isalpha()
    ]
    place = dice.choice(places)
    other = dice.choice([one for one in "13579" if one != text[place]])
    altered = text[:place] + other + text[place + 1 :]
    connection.execute(
        "UPDATE history_change SET after = to_jsonb(%s::text) WHERE id = %s", [altered, change]
    )
    return f"value of change {change}"


def edit_column(connection: Connection, dice: random.Random) -> str:
    """Another table, record or action than there was."""
    change = _some_change(connection, dice)
    column = dice.choice(["table_name", "record_id", "action"])
    connection.execute(f"UPDATE history_change SET {column} = {column} || '0' WHERE id = %s", [change])
    return f"{column} of change {change}"


def edit_who(connection: Connection, dice: random.Random) -> str:
    """Somebody else did it, or at another time, or by another way."""
    act = _one(connection, "SELECT act_id FROM history_seal WHERE seq = %s", _some_seal(connection, dice))
    setting = dice.choice(
        [
            "person = person || '子'",
            "person_id = coalesce(person_id, 0) + 1",
            "began_at = began_at + interval '1 microsecond'",
            "via = via || '/'",
            "address = '192.0.2.1'",
            "database_role = 'nobody'",
            "acting_for = 'x'",
        ]
    )
    connection.execute(f"UPDATE history_act SET {setting} WHERE id = %s", [act])
    return f"{setting} of act {act}"


def edit_seal(connection: Connection, dice: random.Random) -> str:
    """One bit of a link."""
    seq = _some_seal(connection, dice)
    column, place = dice.choice(["digest", "hash"]), dice.randrange(256)
    connection.execute(
        f"UPDATE history_seal SET {column} = set_bit({column}, %s, 1 - get_bit({column}, %s)) WHERE seq = %s",
        [place, place, seq],
    )
    return f"bit {place} of {column} of link {seq}"


def edit_seal_facts(connection: Connection, dice: random.Random) -> str:
    """When a link was made, or how much it covers."""
    seq = _some_seal(connection, dice)
    setting = dice.choice(["sealed_at = sealed_at - interval '1 second'", "changes = changes + 1"])
    connection.execute(f"UPDATE history_seal SET {setting} WHERE seq = %s", [seq])
    return f"{setting} of link {seq}"


def delete_change(connection: Connection, dice: random.Random) -> str:
    """A change never happened."""
    change = _some_change(connection, dice)
    connection.execute("DELETE FROM history_change WHERE id = %s", [change])
    return f"change {change} deleted"


def delete_act(connection: Connection, dice: random.Random) -> str:
    """A whole act with its link never happened."""
    seq = _some_seal(connection, dice, but_last=1)
    act = _one(connection, "DELETE FROM history_seal WHERE seq = %s RETURNING act_id", seq)
    connection.execute("DELETE FROM history_change WHERE act_id = %s", [act])
    connection.execute("DELETE FROM history_act WHERE id = %s", [act])
    return f"link {seq} deleted with all it covers"


def delete_act_only(connection: Connection, dice: random.Random) -> str:
    """Nobody did it."""
    seq = _some_seal(connection, dice)
    connection.execute(
        "DELETE FROM history_act WHERE id = (SELECT act_id FROM history_seal WHERE seq = %s)", [seq]
    )
    return f"act of link {seq} deleted"


def insert_change(connection: Connection, dice: random.Random) -> str:
    """Something that never happened."""
    act = _one(connection, "SELECT act_id FROM history_seal WHERE seq = %s", _some_seal(connection, dice))
    connection.execute(
        "INSERT INTO history_change (act_id, table_name, record_id, action, after) VALUES (%s, 'x', '1', 'insert', '{}')",
        [act],
    )
    return f"change added to act {act}"


def insert_act(connection: Connection, dice: random.Random) -> str:
    """An act that never was, without a link."""
    connection.execute("INSERT INTO history_act (person, sealed) VALUES (%s, true)", [str(dice.random())])
    return "act added"


def swap_changes(connection: Connection, dice: random.Random) -> str:
    """Two changes in the other order."""
    first = _some_change(connection, dice)
    second = _one(
        connection, "SELECT id FROM history_change WHERE id <> %s ORDER BY abs(id - %s) LIMIT 1", first, first
    )
    connection.execute("ALTER TABLE history_change ALTER id SET GENERATED BY DEFAULT")
    for old, new in ((first, -1), (second, first), (-1, second)):
        connection.execute("UPDATE history_change SET id = %s WHERE id = %s", [new, old])
    return f"changes {first} and {second} swapped"


def swap_links(connection: Connection, dice: random.Random) -> str:
    """Two acts in the other order."""
    seq = _some_seal(connection, dice, but_last=1)
    for old, new in ((seq, -1), (seq + 1, seq), (-1, seq + 1)):
        connection.execute("UPDATE history_seal SET seq = %s WHERE seq = %s", [new, old])
    return f"links {seq} and {seq + 1} swapped"


def move_change(connection: Connection, dice: random.Random) -> str:
    """A change that belongs to another act."""
    change = _some_change(connection, dice)
    connection.execute(
        "UPDATE history_change SET act_id = (SELECT act_id FROM history_seal s WHERE s.act_id <> history_change.act_id "
        "ORDER BY seq OFFSET %s LIMIT 1) WHERE id = %s",
        [dice.randrange(5), change],
    )
    return f"change {change} moved to another act"


def cut_end(connection: Connection, dice: random.Random) -> str:
    """The last acts never happened; the chain that remains is sound in itself."""
    seq = _some_seal(connection, dice)
    acts = "SELECT act_id FROM history_seal WHERE seq >= %s"
    connection.execute(f"DELETE FROM history_change WHERE act_id IN ({acts})", [seq])
    connection.execute(f"DELETE FROM history_act WHERE id IN ({acts})", [seq])
    connection.execute("DELETE FROM history_seal WHERE seq >= %s", [seq])
    return f"everything from link {seq} on cut off"


def rewrite(connection: Connection, dice: random.Random) -> str:
    """An act changed, and every link from there on made anew, as it should be for the changed act."""
    seq = _some_seal(connection, dice)
    connection.execute(
        "UPDATE history_act SET person = person || '?' WHERE id = (SELECT act_id FROM history_seal WHERE seq = %s)",
        [seq],
    )
    for (link,) in connection.execute(
        "SELECT seq FROM history_seal WHERE seq >= %s ORDER BY seq", [seq]
    ).fetchall():
        connection.execute(
            """
            UPDATE history_seal s SET changes = made.changes, digest = made.digest,
              hash = sha256(convert_to(jsonb_build_array(s.seq, s.act_id, history_micros(s.sealed_at), made.changes,
                encode(made.digest, 'hex'), coalesce((SELECT encode(p.hash, 'hex') FROM history_seal p
                WHERE p.seq = s.seq - 1), ''))::text, 'UTF8'))
            FROM history_act a, history_digest(a) AS made WHERE s.seq = %s AND a.id = s.act_id
            """,
            [link],
        )
    return f"link {seq} changed and the rest of the chain made anew"


KINDS: tuple[Tampering, ...] = (
    edit_value, edit_column, edit_who, edit_seal, edit_seal_facts, delete_change, delete_act, delete_act_only,
    insert_change, insert_act, swap_changes, swap_links, move_change, cut_end, rewrite,
)  # fmt: skip
