"""How other servers are asked."""

from typing import Any

from requests import Response, Session


class DirectSession(Session):
    """Asks just the address it was told to: no redirects, no proxy of the environment, no waiting for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, *args: Any, **kwargs: Any) -> Response:
        kwargs.setdefault("timeout", 5)
        kwargs["allow_redirects"] = False
        return super().request(*args, **kwargs)
