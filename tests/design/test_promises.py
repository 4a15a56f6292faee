"""What the look promises everywhere: no third party, nothing a strict policy refuses, light, readable."""

import gzip
import re
from pathlib import Path

import pytest

import tsunagu

PACKAGE = Path(tsunagu.__file__).parent
STATIC = PACKAGE / "design" / "static"
TOKENS = STATIC / "vendor" / "digital-go-jp-design-tokens-1.1.9" / "tokens.css"
SHEET = STATIC / "tsunagu" / "site.css"
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
FIRST_LOAD = [
    TOKENS,
    SHEET,
    STATIC / "tsunagu" / "site.js",
    STATIC / "tsunagu" / "icon.svg",
    STATIC / "vendor" / "htmx-4.0.1" / "htmx.min.js",
]
WHITE = "#ffffff"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_templates_hold_nothing_the_policy_refuses(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r'(src|href)="(https?:)?//[^"]*\.(js|css|woff2?|png|svg)"', text)


def test_the_style_sheet_asks_nobody_for_anything() -> None:
    assert not re.search(r"@import|https?:|url\((?!\"#)", SHEET.read_text())


def test_the_first_load_is_light() -> None:
    files = sum(len(gzip.compress(path.read_bytes())) for path in FIRST_LOAD)
    outlines = len(gzip.compress((PACKAGE.parents[1] / "data" / "map" / "japan.json").read_bytes()))
    assert files + outlines < 100_000


def test_vendored_parts_say_where_they_come_from() -> None:
    for folder in (STATIC / "vendor").iterdir():
        assert (folder / "LICENSE").stat().st_size > 100
        assert "https://github.com/" in (folder / "SOURCE.txt").read_text()


def tokens() -> dict[str, str]:
    """Every custom property of the tokens and of our sheet that is a plain colour, by name."""
    pairs = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", TOKENS.read_text() + SHEET.read_text()))
    resolved = {}
    for name, value in pairs.items():
        while (reference := re.fullmatch(r"var\((--[\w-]+)\)", value)) and reference[1] in pairs:
            value = pairs[reference[1]]
        if re.fullmatch(r"#[0-9a-f]{6}", value):
            resolved[name] = value
    return resolved


def luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("--ink", "--ground"), ("--ink-soft", "--ground"), ("--ink-soft", "--ground-soft"), ("--key", "--ground"),
        ("--key", "--ground-soft"), ("--key", "--key-soft"), ("--ground", "--key"), ("--ground", "--key-dark"),
        ("--good", "--ground"), ("--good", "--color-primitive-green-50"), ("--doubt", "--doubt-soft"),
        ("--bad", "--ground"), ("--bad", "--bad-soft"), ("--color-neutral-black", "--focus"),
    ],
)  # fmt: skip
def test_text_is_readable(text: str, ground: str) -> None:
    colours = tokens()
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("name", ["--line-strong", "--key", "--good", "--doubt"])
def test_edges_of_inputs_and_pictures_are_visible(name: str) -> None:
    assert contrast(tokens()[name], WHITE) >= 3


def test_series_of_charts_stand_out_from_paper_and_from_each_other() -> None:
    colours = tokens()
    assert contrast(colours["--iot"], WHITE) >= 3
    assert contrast(colours["--iot"], colours["--key"]) >= 3


def test_every_custom_property_is_defined() -> None:
    sheet = SHEET.read_text()
    defined = set(re.findall(r"(--[\w-]+):", TOKENS.read_text() + sheet))
    assert set(re.findall(r"var\((--[\w-]+)\)", sheet)) <= defined


def test_paper_and_chosen_colours_are_thought_of() -> None:
    sheet = SHEET.read_text()
    assert "@media print" in sheet
    assert "@media (forced-colors: active)" in sheet
    assert "prefers-reduced-motion" in sheet
