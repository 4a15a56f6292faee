"""A question passes exactly the gates that let it in, whichever side is named."""

from hypothesis import given
from hypothesis import strategies as st

from tsunagu.engines.textsearch.gates import Gate, Gates

TOKENS = st.frozensets(st.sampled_from(["public", "circle", "lab:1", "近畿 ラボ", 'a"b']), max_size=3)
GATES = st.dictionaries(st.builds(Gate, TOKENS, TOKENS), st.integers(1, 1_000), max_size=8)


@given(GATES, TOKENS)
def test_a_question_passes_exactly_the_gates_that_let_it_in(
    documents: dict[Gate, int], audiences: frozenset[str]
) -> None:
    terms, is_closed = Gates((gate.term, count) for gate, count in documents.items()).for_(audiences)
    named = {gate for gate in documents if gate.term in terms}
    passed = set(documents) - named if is_closed else named
    assert passed == {
        gate for gate in documents if gate.audiences & audiences and not gate.hidden_from & audiences
    }
    # Of the two sides the one with fewer documents is named.
    assert sum(documents[gate] for gate in named) <= sum(documents.values()) / 2 or not is_closed


@given(TOKENS, TOKENS)
def test_an_index_gives_a_gate_back_as_it_was(audiences: frozenset[str], hidden_from: frozenset[str]) -> None:
    gate = Gate(audiences, hidden_from)
    assert Gate.of(gate.term) == gate


def test_nobody_passes_where_there_is_nothing() -> None:
    assert Gates([]).for_(frozenset({"public"})) == ([], False)
