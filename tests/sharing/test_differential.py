"""Two worlds that differ only in what is kept from somebody look the same to them."""

import json
import re

import pytest
from tests.sharing.world import PEOPLE, Someone, World, addresses, ask

# Those who see the same as another here are tried in the walk only.
LIKE_ANOTHER = {
    "meti", "support org", "talent", "unconfirmed", "far lab office", "looked at", "suspended", "other bureau", "company", "former",
}  # fmt: skip
LOOKING = [one for one in PEOPLE if one.label not in LIKE_ANOTHER]


def _bytes(world: World, someone: Someone) -> dict[str, tuple[int, bytes, str]]:
    """Everything a person can fetch, without what differs from one answer to the next by itself."""
    found = {}
    for route, where, address in addresses(world):
        answer = ask(world.clients[someone.label], "get", address)
        text = re.sub(rb'name="(?:csrfmiddlewaretoken|form_key)" value="[^"]*"', b"", answer.full_text)
        headers = {
            key: value
            for key, value in answer.headers.items()
            if key not in {"Date", "Set-Cookie", "Expires"}
        }
        found[f"{route} {where}"] = (answer.status_code, text, json.dumps(headers, sort_keys=True))
    return found


@pytest.mark.parametrize("someone", LOOKING, ids=lambda one: one.label)
def test_another_secret_changes_no_byte(someone: Someone, world: World) -> None:
    """Two worlds that differ in everything kept from this person look the same to them: no count, order or size tells."""
    kept = [secret for secret in world.secrets if not secret.seen_by(someone)]
    before = _bytes(world, someone)
    for number, secret in enumerate(kept):
        host = "@other.invalid" if "@" in secret.text else ""
        secret.change(f"{'Ω' if not host else 'z'}{number * 7919}{host}")
    after = _bytes(world, someone)
    # The secretariat's log says that a record changed and when, also of drafts; what is in them it does not say.
    # One's own sessions are listed with the minute they were last used.
    told = {"accounts:sessions "} | ({"history:log "} if someone.is_secretariat else set())
    differ = [name for name in before if before[name] != after[name] and name not in told]
    assert not differ, "\n".join(differ)
    if not someone.is_staff:
        assert len(kept) >= 20
