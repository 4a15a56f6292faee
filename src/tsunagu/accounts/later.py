"""Views whose libraries are loaded when one of them is first asked for.

Passkeys, authenticator apps and outside accounts bring cryptography and an HTTP client along (some 15 MB in each
process), which nobody needs who only reads public pages.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

View = Callable[..., Any]


def later(address: str) -> View:
    """The view at a dotted address."""
    module, name = address.rsplit(".", 1)

    def view(*args: Any, **kwargs: Any) -> Any:
        return getattr(import_module(module), name)(*args, **kwargs)

    view.__name__ = view.__qualname__ = name
    return view
