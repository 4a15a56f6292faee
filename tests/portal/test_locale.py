"""The translation files: whole, certain, and compiled."""

from django.conf import settings
from polib import mofile, pofile

FOLDER = settings.LOCALE_PATHS[0] / "en" / "LC_MESSAGES"


def test_no_guess_of_the_merging_tool_is_left() -> None:
    assert [entry.msgid for entry in pofile(FOLDER / "django.po") if entry.fuzzy] == []


def test_the_compiled_file_holds_what_the_source_says() -> None:
    source = {
        (one.msgctxt, one.msgid): (one.msgstr, one.msgstr_plural)
        for one in pofile(FOLDER / "django.po")
        if one.translated()
    }
    compiled = {
        (one.msgctxt, one.msgid): (one.msgstr, one.msgstr_plural) for one in mofile(FOLDER / "django.mo")
    }
    assert compiled == source
