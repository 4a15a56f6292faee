"""The sharing policy as tokens: whoever holds one of a record's tokens may know that it exists.

The index filters by them inside every question. They say the same as `sharing.policy.condition`, which is asked once more
about everything that is shown; a test holds the two against each other.
"""

from collections.abc import Iterable

from tsunagu.sharing.policy import RecordAudience
from tsunagu.sharing.viewer import Viewer

EVERYONE = "public"
CIRCLE = "circle"
SECRETARIAT = "secretariat"
PUBLIC_ONLY = frozenset({EVERYONE})


def held_by(viewer: Viewer) -> frozenset[str]:
    """The tokens a person holds."""
    held = {EVERYONE}
    if viewer.is_secretariat:
        held.add(SECRETARIAT)
    if viewer.is_in_circle:
        held.add(CIRCLE)
        held |= {f"near:{code}" for code in viewer.near_bureaus}
    held |= {f"bureau:{code}" for code in viewer.bureau_codes}
    held |= {f"lab:{number}" for number in viewer.lab_ids}
    return frozenset(held)


def tokens(audience: str, *, lab: int, bureau: str, parties: Iterable[int] = ()) -> frozenset[str]:
    """The tokens of a record with an audience, of a lab in a bureau's block."""
    in_charge = {SECRETARIAT, f"bureau:{bureau}"}
    named = {f"lab:{number}" for number in (lab, *parties)} | in_charge
    return frozenset(
        {
            RecordAudience.PUBLIC: {EVERYONE},
            RecordAudience.LABS: {CIRCLE, SECRETARIAT},
            RecordAudience.REGION: {f"near:{bureau}"} | named,
            RecordAudience.PARTIES: named,
            RecordAudience.SECRETARIAT: in_charge,
        }[RecordAudience(audience)]
    )
