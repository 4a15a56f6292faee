"""Analysis in other processes gives what analysis in this one gives, in the documents' order."""

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
