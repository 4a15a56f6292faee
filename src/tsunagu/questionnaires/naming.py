"""Names of what answers only hold by its code."""

import time
from functools import lru_cache

from tsunagu.registry.models import Policy


@lru_cache(maxsize=1)
def _policy_names(minute: int) -> dict[str, str]:
    del minute
    return dict(Policy.objects.values_list("code", "name"))


def policy_name(code: str) -> str:
    """What a policy is called; a code that is none stays. The table is read once a minute."""
    return _policy_names(int(time.monotonic() // 60)).get(code, code)
