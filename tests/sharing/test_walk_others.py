"""The other half of the walk (test_walk.py): every route as every role."""

import pytest
from tests.sharing.walking import PARTS, Totals, keep, walk
from tests.sharing.world import Someone, World

TOTALS = Totals()


@pytest.mark.parametrize("someone", PARTS[2], ids=lambda one: one.label)
def test_walk(someone: Someone, world: World) -> None:
    wrong = walk(someone, world, TOTALS)
    assert not wrong, "\n".join(wrong)


def test_its_result_is_kept() -> None:
    """Runs last."""
    if TOTALS.viewers < len(PARTS[2]):
        pytest.skip("only part of the walk ran")
    keep(2, TOTALS)
    assert TOTALS.checks >= 2_500
