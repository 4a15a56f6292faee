"""The keeper of the index: beside the queue's worker, it puts in what is marked within a second of the commit.

Any number of workers may run; the index's own lock lets one of them write, and another takes over when it ends.
"""

import contextlib
import logging
import threading
import time

import psycopg
from django.db import close_old_connections, connection

from tsunagu.engines.textsearch.contract import BeingWritten
from tsunagu.search.places import is_ready
from tsunagu.search.services.indexing import Indexes, rebuild

CHANNEL = "search_mark"
# Without word from the database it looks by itself this often, in seconds.
PATIENCE = 1.0
AFTER_FAULT = 5.0

logger = logging.getLogger(__name__)


def keep(ending: threading.Event) -> None:
    """Keep the index until asked to end; survives a database that goes away and another that writes."""
    while not ending.is_set():
        try:
            _keep_once(ending)
        except BeingWritten:
            ending.wait(PATIENCE)
        except Exception:
            # The index must be kept again as soon as it can be: marks wait in the database.
            logger.exception("the search index could not be kept; trying again")
            ending.wait(AFTER_FAULT)
        finally:
            with contextlib.suppress(Exception):
                connection.close()


def _keep_once(ending: threading.Event) -> None:
    close_old_connections()
    if not is_ready():
        rebuild()
    with Indexes() as indexes:
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        indexes.catch_up()
        while not ending.is_set() and indexes.are_current:
            _wait()
            indexes.catch_up()


def _wait() -> None:
    """Until the database says that something was marked, or for a while."""
    inner = connection.connection
    if isinstance(inner, psycopg.Connection):
        for _notice in inner.notifies(timeout=PATIENCE, stop_after=1):
            return
    else:
        time.sleep(PATIENCE)


def start() -> threading.Thread:
    """Begin keeping in a thread of its own, which ends with the process."""
    thread = threading.Thread(target=keep, args=[threading.Event()], name="search-index", daemon=True)
    thread.start()
    return thread
