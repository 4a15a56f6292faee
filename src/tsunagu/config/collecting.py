"""How often Python looks for circles of objects that nobody holds any more."""

import gc


def collect_seldom() -> None:
    """What is loaded by now lives as long as the process: looking through it at every collection only takes time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
