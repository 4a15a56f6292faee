"""A real OpenID provider on loopback, in a thread of its own: discovery, keys, authorisation, token and userinfo.

It keeps to the code flow with PKCE and client_secret_basic, and can be told to send a malformed token instead.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "tsunagu-client", "tsunagu-client-secret-0123456789"


class Provider:
    """What the provider knows and what it was asked."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = "key-1"
        self.issuer = ""
        self.subject = "subject-1"
        self.userinfo: dict[str, Any] = {
            "account_type": "2",
            "corporate_number": "4000012090001",
            "email": "someone@example.invalid",
        }
        self.codes: dict[str, dict[str, str]] = {}
        self.access_tokens: set[str] = set()
        self.asked: dict[str, dict[str, str]] = {}
        self.malform: Callable[[Provider, dict[str, Any]], str] | None = None
        self.userinfo_subject: str | None = None
        self.issuer_in_discovery: str | None = None
        self.is_down = False

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer_in_discovery or self.issuer,
            "authorization_endpoint": f"{self.issuer}authorize",
            "token_endpoint": f"{self.issuer}token",
            "userinfo_endpoint": f"{self.issuer}userinfo",
            "jwks_uri": f"{self.issuer}jwks",
            "response_types_supported": ["code"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def jwks(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def claims(self, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "nonce": nonce,
            "exp": now + 300, "iat": now, "auth_time": now,
        }  # fmt: skip

    def sign(self, claims: dict[str, Any], **options: Any) -> str:
        key = options.pop("key", self.key)
        headers = {"kid": self.kid, **options.pop("headers", {})}
        return jwt.encode(claims, key, algorithm=options.pop("algorithm", "RS256"), headers=headers)

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes next; the person agrees at once."""
        self.asked["authorize"] = query
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        self.asked["token"] = form
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        known = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if authorization != f"Basic {basic}":
            return 401, {"error": "invalid_client"}
        if (
            known is None
            or known["code_challenge"] != challenge
            or known["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        self.access_tokens.add(access)
        claims = self.claims(known["nonce"])
        id_token = self.malform(self, claims) if self.malform else self.sign(claims)
        return 200, {"access_token": access, "token_type": "Bearer", "expires_in": 3600, "id_token": id_token}

    def user(self, authorization: str) -> tuple[int, dict[str, Any]]:
        if authorization.removeprefix("Bearer ") not in self.access_tokens:
            return 401, {"error": "invalid_token"}
        return 200, {"sub": self.userinfo_subject or self.subject, **self.userinfo}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if provider.is_down:
                self._answer(503, {"error": "down"})
            elif parts.path == "/oauth/.well-known/openid-configuration":
                self._answer(200, provider.discovery())
            elif parts.path == "/oauth/jwks":
                self._answer(200, provider.jwks())
            elif parts.path == "/oauth/userinfo":
                self._answer(*provider.user(self.headers.get("Authorization", "")))
            elif parts.path == "/oauth/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(_flat(parts.query)))
                self.end_headers()
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            form = _flat(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer(*provider.token(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers on a free port of 127.0.0.1 until the block ends. Its issuer ends in a slash."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}/oauth/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def environment(provider: Provider, name: str = "gbizid") -> dict[str, str]:
    """What an operator would put into the environment for this provider."""
    return {
        "TSUNAGU_OIDC_PROVIDERS": name,
        f"TSUNAGU_OIDC_{name.upper()}_ISSUER": provider.issuer,
        f"TSUNAGU_OIDC_{name.upper()}_CLIENT_ID": CLIENT_ID,
        f"TSUNAGU_OIDC_{name.upper()}_CLIENT_SECRET": CLIENT_SECRET,
    }
