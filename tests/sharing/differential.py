"""Two worlds that differ only in what is kept from somebody look the same to them."""

import hashlib
import json
import re
from typing import Any

from tests.sharing.world import PEOPLE, Someone, World, addresses, ask, places

# Those who see the same as another here are tried in the walk only.
LIKE_ANOTHER = {
    "meti", "support org", "talent", "unconfirmed", "far lab office", "looked at", "suspended", "other bureau", "company", "former",
}  # fmt: skip
LOOKING = {one.label for one in PEOPLE} - LIKE_ANOTHER
# What differs from one answer to the next by itself: one's own keys and the clock of one's own session.
OF_ITSELF = re.compile(rb'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"|data-session-ends="[0-9]*"')
# Not to be asked without a key, or not by this method: said before anything is read.
TELLING_NOTHING = {401, 405}
Told = tuple[int, bytes, str]
# By route and whose object it names.
Pages = dict[str, Told]


def told_by(answer: Any) -> Told:
    """All that an answer tells: status, every byte of the text (as one number) and the headers."""
    text = OF_ITSELF.sub(b"", answer.full_text)
    headers = {
        key: value for key, value in answer.headers.items() if key not in {"Date", "Set-Cookie", "Expires"}
    }
    return answer.status_code, hashlib.sha256(text).digest(), json.dumps(headers, sort_keys=True)


def differences(someone: Someone, world: World, before: Pages) -> list[str]:
    """Another text in the place of everything kept from this person changes no byte: no count, order or size tells.

    `before` is what they were told just now, on the walk, by the pages they are in the audience of: from others they are
    sent away before anything is read.
    """
    kept = [secret for secret in world.secrets if not secret.seen_by(someone)]
    for number, secret in enumerate(kept):
        host = "@other.invalid" if "@" in secret.text else ""
        secret.change(f"{'Ω' if not host else 'z'}{number * 7919}{host}")
    client = world.clients[someone.label]
    after = {
        f"{route} {where}": told_by(ask(client, "get", address))
        for route, where, address in addresses(world, places(someone))
        if f"{route} {where}" in before
    }
    # The secretariat's log says that a record changed and when, also of drafts; what is in them it does not say.
    # One's own sessions are listed with the minute they were last used.
    told = {"accounts:sessions "} | ({"history:log "} if someone.is_secretariat else set())
    assert someone.is_staff or len(kept) >= 20
    return [
        f"get {name}: another secret changes the answer"
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name) and name not in told
    ]
