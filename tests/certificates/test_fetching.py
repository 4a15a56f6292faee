"""Opening registered pages: never a network of our own, never too much, never too long. A real server answers."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tsunagu.certificates import fetching
from tsunagu.certificates.fetching import PageRefused, PageUnreachable, fetch, is_public
from tsunagu.certificates.seeking import shows

AGENT = "TsunaguMarkCheck/1.0 (test)"


class Site(BaseHTTPRequestHandler):
    """Answers by path, and remembers who asked."""

    agents: list[str] = []

    def do_GET(self) -> None:
        self.agents.append(self.headers.get("User-Agent", ""))
        host = f"127.0.0.1:{self.server.server_address[1]}"
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header(
                "Location",
                {"/to/page": "/", "/to/loop": "/to/loop", "/to/meta": "http://169.254.169.254/"}[self.path],
            )
            self.end_headers()
            return
        body = {
            "/": f'<p>ここは{host}</p><img src="/img/dx-lab-logo.png" alt="地域DX推進ラボ">'.encode(),
            "/sjis": "地域ＤＸ推進ラボ".encode("cp932"),
            "/big": b"x" * 5_000_000,
        }.get(self.path.split("?")[0], b"")
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.agents = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_page_is_read_and_told_who_asks(site: str) -> None:
    page = fetch(f"http://{site}/to/page", agent=AGENT, allowed=frozenset({site}))
    assert page.status == 200
    assert shows(page.text, "dx-lab-logo.png")
    assert Site.agents == [AGENT, AGENT]


def test_one_s_own_machine_is_refused_without_the_allowance(site: str) -> None:
    for address in (f"http://{site}/", "http://127.0.0.1/", "http://localhost/", "http://[::1]/"):
        with pytest.raises(PageRefused):
            fetch(address, agent=AGENT)
    assert Site.agents == []


def test_a_redirect_to_a_private_address_is_refused(site: str) -> None:
    with pytest.raises(PageRefused, match="公開のネットワーク"):
        fetch(f"http://{site}/to/meta", agent=AGENT, allowed=frozenset({site}))


def test_going_round_in_circles_ends(site: str) -> None:
    with pytest.raises(PageUnreachable, match="転送"):
        fetch(f"http://{site}/to/loop", agent=AGENT, allowed=frozenset({site}))
    assert len(Site.agents) == fetching.REDIRECTS + 1


def test_only_so_much_is_read(site: str) -> None:
    page = fetch(f"http://{site}/big", agent=AGENT, allowed=frozenset({site}))
    assert len(page.text) == fetching.LARGEST


def test_a_page_without_a_named_charset_is_read(site: str) -> None:
    assert shows(fetch(f"http://{site}/sjis", agent=AGENT, allowed=frozenset({site})).text, "地域DX推進ラボ")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.jp/", "file:///etc/passwd", "gopher://x/", "http://user:x@example.jp/", "http:///x",
        "http://example.jp:22/", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
        "http://[fd00::1]/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://100.64.0.1/", "http://2130706433/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/",
    ],
)  # fmt: skip
def test_addresses_we_never_open(address: str) -> None:
    with pytest.raises(PageRefused):
        fetch(address, agent=AGENT)


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(*_args: Any, **_kwargs: Any) -> list[Any]:
        return [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.1.2.3", 80))]

    monkeypatch.setattr("socket.getaddrinfo", answers)
    with pytest.raises(PageRefused):
        fetch("http://lab.example/", agent=AGENT)


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def connects(address: Any, *_rest: Any) -> Any:
        asked.append(address)
        raise ConnectionRefusedError("closed")

    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("93.184.216.34", 80))])
    monkeypatch.setattr("socket.create_connection", connects)
    for address in ("http://lab.example/", "https://lab.example/"):
        with pytest.raises(PageUnreachable):
            fetch(address, agent=AGENT)
    assert asked == [("93.184.216.34", 80), ("93.184.216.34", 443)]


def test_public_addresses() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1::1")


@pytest.mark.parametrize(
    ("page", "sought", "found"),
    [
        ("<p>地域<b>DX</b>推進ラボ</p>", "地域DX推進ラボ", True),
        ('<img alt="地域ＤＸ推進ラボ">', "地域DX推進ラボ", True),
        ('<img src="/a/logo-dx.png?v=2">', "logo-dx.png", True),
        ("<script>var x = 'logo-dx.png'</script>", "logo-dx.png", False),
        ("<!-- logo-dx.png -->", "logo-dx.png", False),
        ("<p>別のページ</p>", "地域DX推進ラボ", False),
        ("<p>何か</p>", " ", False),
    ],
)
def test_the_mark_is_found_where_people_see_it(page: str, sought: str, found: bool) -> None:
    assert shows(page, sought) is found
