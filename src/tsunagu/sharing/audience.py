"""The audience of a route: who it exists for. An undeclared route exists for nobody."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tsunagu.sharing.viewer import Viewer

View = TypeVar("View", bound=Callable[..., Any])


class Audience(TextChoices):
    """From the widest to the narrowest (glossary: 公開範囲)."""

    PUBLIC = "public", _("公開")
    SIGNED_IN = "signed_in", _("サインインした人")
    LAB = "lab", _("自分のラボがある人と事務局")
    STAFF = "staff", _("事務局と経済産業局")
    SECRETARIAT = "secretariat", _("制度の事務局")


def audience(who: Audience) -> Callable[[View], View]:
    """Declare for whom a view exists; `AudienceMiddleware` refuses every view without it."""

    def declare(view: View) -> View:
        view.audience = who  # type: ignore[attr-defined]
        return view

    return declare


def declared_audience(view: Callable[..., Any]) -> Audience | None:
    """The audience a view declared, or None."""
    return getattr(view, "audience", None)


def admits(who: Audience, viewer: Viewer) -> bool:
    """Whether `viewer` belongs to the audience."""
    if who is Audience.PUBLIC:
        return True
    if who is Audience.SIGNED_IN:
        return viewer.is_signed_in
    if who is Audience.LAB:
        return viewer.is_staff or viewer.has_lab
    if who is Audience.STAFF:
        return viewer.is_staff
    return viewer.is_secretariat
