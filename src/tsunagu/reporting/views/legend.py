"""What the colours of the reporting-rate picture mean."""

from django.utils.translation import gettext as _


def legend() -> list[tuple[str, str]]:
    """(series, words), in the order they are drawn."""
    return [("done", _("期限内")), ("late", _("遅れて提出")), ("missing", _("まだ"))]
