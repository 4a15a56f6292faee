"""Where the words of a document stand, as an index keeps it: few bytes, quickly read."""

from array import array
from bisect import bisect_right

from tsunagu.engines.textsearch.analysis import Cut
from tsunagu.engines.textsearch.marking import LOOKED_AT

# Places in a text as an index keeps them: how far excerpts look is well below 65,536 characters.
PLACES = "H"


def packed(title: Cut, body: Cut) -> bytes:
    """The words of a title and of the body as far as excerpts look: how many, their places, their forms."""
    cuts = [_as_far_as(cut, LOOKED_AT) for cut in (title, body)]
    numbers = array(PLACES, [len(cut.forms) for cut in cuts])
    for cut in cuts:
        numbers.extend(cut.starts)
        numbers.extend(cut.ends)
    # Forms hold no spaces.
    return numbers.tobytes() + " ".join(form for cut in cuts for form in cut.forms).encode()


def _as_far_as(cut: Cut, end: int) -> Cut:
    count = bisect_right(cut.ends, end)
    return Cut(cut.forms[:count], cut.starts[:count], cut.ends[:count])


def unpacked(packed: bytes) -> tuple[Cut, Cut]:
    """The title's and the body's words as they were packed."""
    size = array(PLACES).itemsize
    first, second = array(PLACES, packed[: 2 * size])
    places = array(PLACES, packed[2 * size : (2 + 2 * (first + second)) * size])
    forms = packed[(2 + 2 * (first + second)) * size :].decode().split(" ")
    body = places[2 * first :]
    return (
        Cut(forms[:first], places[:first], places[first : 2 * first]),
        Cut(forms[first : first + second], body[:second], body[second:]),
    )
