"""What was read is kept in this process for as long as no watched record changes.

The chain of seals tells: links are sealed one after another at commit (`capture.sql`), so whoever sees the same last
link sees the same records. Its hash belongs to one history of one database, also after a backup is put back.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from django.db import connection

from tsunagu.history.chain import Head
from tsunagu.history.heads import current_head

Result = TypeVar("Result")


class WhileUnchanged(Generic[Result]):
    """Results of one kind of read by key, at most `most` of them, the least used given up first.

    Only for reads of watched records (`watching.py`) that look neither at the clock nor at the viewer, unless the key
    says so; and the results must be values nobody changes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._head = Head(0, "")
        self._kept: OrderedDict[Hashable, Result] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[], Result]) -> Result:
        """The result of `read`, from before where nothing changed since.

        The link is asked for before reading: what changes meanwhile is read again by whoever comes next. Within a
        transaction, which may have changes of its own, everything is read.
        """
        if connection.in_atomic_block:
            return read()
        head = current_head()
        with self._lock:
            if head.seq and head == self._head and key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        result = read()
        with self._lock:
            if head != self._head:
                self._kept.clear()
                self._head = head
            self._kept[key] = result
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return result
