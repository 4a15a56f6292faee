"""Opening a public web page that somebody registered, without ever reaching into a network of our own.

Only http and https; every address a name resolves to must be public, and the connection goes to just the address
that was looked at, so that a second answer of the name server cannot lead elsewhere. Redirects are looked at again.
Size, time and the number of redirects are limited.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

LARGEST = 2_000_000
PATIENCE = 15.0
REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
# Addresses that carry an IPv4 address inside (RFC 6052): what they lead to is not visible.
_CARRIES_ANOTHER = [ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48")]


class PageRefused(ValueError):
    """An address we do not open; the message says why."""


class PageUnreachable(OSError):
    """The page did not come; the message says why."""


@dataclass(frozen=True)
class Page:
    """A page as it came."""

    address: str
    status: int
    text: str


def is_public(address: str) -> bool:
    """Whether an IP address lies on the public network."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour is not None or ip.teredo is not None or any(ip in net for net in _CARRIES_ANOTHER):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def fetch(address: str, *, agent: str, allowed: frozenset[str] = frozenset()) -> Page:
    """The page at an address. `allowed`: "host:port" pairs opened without looking at them, for tests on one's own machine.

    Raises `PageRefused`, `PageUnreachable`.
    """
    ends = time.monotonic() + PATIENCE
    for _hop in range(REDIRECTS + 1):
        status, headers, body = _ask(address, agent, allowed, ends)
        location = headers.get("Location")
        if status in {301, 302, 303, 307, 308} and location:
            address = urljoin(address, location)
            continue
        return Page(address, status, _decoded(body, headers.get_content_charset() or ""))
    raise PageUnreachable("転送が多すぎます。")


def _ask(
    address: str, agent: str, allowed: frozenset[str], ends: float
) -> tuple[int, http.client.HTTPMessage, bytes]:
    scheme, host, port, path = _parts(address, allowed)
    ip = _resolve(host, port, allowed)
    connection = _connection(scheme, host, port, ip, ends)
    try:
        connection.request(
            "GET",
            path,
            headers={"User-Agent": agent, "Accept": "text/html,*/*;q=0.1", "Accept-Encoding": "identity"},
        )
        answer = connection.getresponse()
        return answer.status, answer.headers, _read(answer, ends)
    except (OSError, http.client.HTTPException) as error:
        raise PageUnreachable(f"{type(error).__name__}: {error}"[:200]) from error
    finally:
        connection.close()


def _parts(address: str, allowed: frozenset[str]) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise PageRefused("アドレスの形が正しくありません。") from error
    if parts.scheme not in PORTS:
        raise PageRefused("http か https のアドレスだけを開きます。")
    if parts.username is not None or parts.password is not None or not parts.hostname:
        raise PageRefused("利用者名の入ったアドレスや、ホスト名のないアドレスは開きません。")
    port = port or PORTS[parts.scheme]
    if port not in PORTS.values() and f"{parts.hostname}:{port}" not in allowed:
        raise PageRefused("80番と443番のほかのポートは開きません。")
    path = parts.path or "/"
    if any(ord(letter) <= 0x20 or ord(letter) == 0x7F for letter in path + parts.query):
        raise PageRefused("アドレスに空白や制御文字があります。")
    target = f"{path}?{parts.query}" if parts.query else path
    return parts.scheme, parts.hostname, port, _ascii(target)


def _ascii(target: str) -> str:
    """Letters outside ASCII as browsers send them."""
    return "".join(
        one if ord(one) < 0x80 else "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "replace"))
        for one in target
    )


def _resolve(host: str, port: int, allowed: frozenset[str]) -> str:
    try:
        name = host if ":" in host else host.encode("idna").decode()
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PageUnreachable("ホスト名が見つかりません。") from error
    addresses = [str(one[4][0]).split("%")[0] for one in found]
    if f"{host}:{port}" not in allowed and not all(is_public(one) for one in addresses):
        raise PageRefused("公開のネットワークにない行き先です。")
    return addresses[0]


class _FixedHTTPS(http.client.HTTPSConnection):
    """TLS for the name, over a connection to the address that was looked at."""

    def __init__(self, host: str, port: int, ip: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout, context=ssl.create_default_context())
        self._ip, self._tls = ip, ssl.create_default_context()

    def connect(self) -> None:
        plain = socket.create_connection((self._ip, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


class _FixedHTTP(http.client.HTTPConnection):
    """A connection to the address that was looked at."""

    def __init__(self, host: str, port: int, ip: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._ip = ip

    def connect(self) -> None:
        self.sock = socket.create_connection((self._ip, self.port), self.timeout)


def _connection(scheme: str, host: str, port: int, ip: str, ends: float) -> http.client.HTTPConnection:
    left = ends - time.monotonic()
    if left <= 0:
        raise PageUnreachable("時間内に開けませんでした。")
    kind = _FixedHTTPS if scheme == "https" else _FixedHTTP
    return kind(host.encode("idna").decode() if ":" not in host else host, port, ip, min(left, 8.0))


def _read(answer: http.client.HTTPResponse, ends: float) -> bytes:
    """The body up to the limit; a page that drips is given up."""
    whole = bytearray()
    while len(whole) < LARGEST:
        if time.monotonic() > ends:
            raise TimeoutError("時間内に読み終わりませんでした。")
        part = answer.read1(min(65536, LARGEST - len(whole)))
        if not part:
            break
        whole += part
    return bytes(whole)


def _decoded(body: bytes, named: str) -> str:
    for charset in (named, "utf-8", "cp932", "euc_jp"):
        try:
            if charset:
                return body.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("utf-8", "replace")
