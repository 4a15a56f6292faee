"""Tables look alike: each carries the class the style sheet knows."""

import re
from pathlib import Path

import tsunagu


def test_every_table_is_styled() -> None:
    plain = [
        f"{path.name}: {tag}"
        for path in Path(tsunagu.__file__).parent.rglob("templates/**/*.html")
        for tag in re.findall(r"<table\b[^>]*>", path.read_text())
        if "rendering" not in path.parts and not re.search(r'class="table[" ]', tag)
    ]
    assert plain == []
