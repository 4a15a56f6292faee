"""Having the system read an index into its memory before it is asked for: from a disk, the first questions would wait some
ten milliseconds for every place they look at (measured in docs/decisions/0060-search-engine.md)."""

import os
import threading
from contextlib import suppress
from pathlib import Path

# The system reads no more than some megabytes ahead at a time.
AT_ONCE = 1024 * 1024
# What else the machine does needs memory too; what is read ahead gives way to it, but not at once.
SHARE_OF_MEMORY = 0.25


def read_ahead(folder: Path) -> None:
    """Ask for all files of a folder; returns when they have been asked for.

    Does nothing where there is no room for them, where the folder is gone, and on systems that cannot be asked.
    """
    if not hasattr(os, "posix_fadvise"):
        return
    with suppress(OSError):
        files = [one for one in folder.iterdir() if one.is_file()]
        if sum(one.stat().st_size for one in files) <= memory() * SHARE_OF_MEMORY:
            for one in files:
                _ask_for(one)


def read_ahead_beside(folder: Path) -> None:
    """The same without waiting for it."""
    threading.Thread(target=read_ahead, args=(folder,), name="read-ahead", daemon=True).start()


def memory() -> int:
    """The machine's memory, in bytes."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _ask_for(path: Path) -> None:
    with path.open("rb") as file:
        for start in range(0, os.fstat(file.fileno()).st_size, AT_ONCE):
            os.posix_fadvise(file.fileno(), start, AT_ONCE, os.POSIX_FADV_WILLNEED)
