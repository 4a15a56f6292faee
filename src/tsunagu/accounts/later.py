"""Views whose libraries are loaded when one of them is first asked for.

Passkeys, authenticator apps and outside accounts bring cryptography and an HTTP client along (some 15 MB in each
process), which nobody needs who only reads public pages.
"""

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

View = Callable[..., Any]


def later(address: str) -> View:
    """The view at a dotted address."""

    def view(*args: Any, **kwargs: Any) -> Any:
        return import_string(address)(*args, **kwargs)

    view.__name__ = view.__qualname__ = address.rpartition(".")[2]
    return view
