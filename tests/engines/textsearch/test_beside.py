"""Analysis in other processes gives what analysis in this one gives, in the documents' order."""

import subprocess
import sys

import psutil

from tsunagu.engines.textsearch.beside import AT_ONCE, joined, joined_beside
from tsunagu.engines.textsearch.contract import Document

COUNT = AT_ONCE * 3 + 7


def test_every_document_comes_back_in_order_with_its_own_tokens() -> None:
    documents = [
        Document(f"case:{number}", "case", f"見回り{number}", f"センサーを{number}台", frozenset({"public"}))
        for number in range(COUNT)
    ]
    found = list(joined_beside(iter(documents), processes=2))
    assert [one.key for one, _ in found] == [one.key for one in documents]
    assert all(tokens == joined(one.title, one.body) for one, tokens in found[:: AT_ONCE // 2])


def test_none_need_no_process() -> None:
    assert list(joined_beside([])) == []


ENDLESS = """
from itertools import count
from tsunagu.engines.textsearch.beside import joined_beside
from tsunagu.engines.textsearch.contract import Document

if __name__ == "__main__":
    endless = (Document(f"a:{one}", "a", "見回り", "センサー", frozenset()) for one in count())
    for at, _ in enumerate(joined_beside(endless, processes=1)):
        if at == 0:
            print("begun", flush=True)
"""


def test_they_end_with_the_one_that_started_them() -> None:
    parent = subprocess.Popen([sys.executable, "-c", ENDLESS], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "begun\n"
    children = psutil.Process(parent.pid).children(recursive=True)
    assert children
    parent.kill()
    parent.wait()
    _gone, alive = psutil.wait_procs(children, timeout=30)
    assert not alive, [one.cmdline() for one in alive]
