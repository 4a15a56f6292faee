"""Whether a page still shows the mark: its registered text, file name or alternative text is found on it."""

from html.parser import HTMLParser

from tsunagu.engines.textsearch.folding import fold

_TOLD_BY = ("alt", "title", "src", "srcset", "data-src", "href", "content", "aria-label", "poster")
_UNSEEN = {"script", "style", "template"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._hidden += 1
        self.texts += [value for name, value in attrs if name in _TOLD_BY and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)


def shows(page: str, sought: str) -> bool:
    """Whether a person, or a picture's address or description, shows what is sought; spelling variants count as same."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    wanted = fold(sought)
    if not wanted:
        return False
    # Each piece alone, and the running text together: a name may be broken by tags.
    return any(wanted in fold(one) for one in reader.texts) or wanted in fold("".join(reader.texts))
