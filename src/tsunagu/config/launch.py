"""`tsunagu run`: everything on one's own machine, from an empty folder to a page in the browser."""

import argparse
import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

FIRST_PORT = 8000
START_LIMIT = 60.0
PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """Someone asked the launcher to stop."""


def _stop(signum: int, frame: FrameType | None) -> None:
    raise Stopped


def free_port(first: int) -> int:
    """The first port from `first` on that nobody on this machine listens on; raises OSError after 100 tries."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"{first}番から100番先まで、空いているポートがありません。")


def fingerprint(folders: Sequence[Path]) -> str:
    """Changes whenever a file below the folders does."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                stat = path.stat()
                total.update(f"{path}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    return total.hexdigest()


def _prepare() -> None:
    """Bring database, records and static files up to date, each only if it is behind."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _say("データベースを用意しています…")
        call_command("migrate", verbosity=0)
    call_command("load_programme", if_changed=True)
    stamp = settings.VAR_DIR / "static.stamp"
    folders = {Path(storage.location) for finder in get_finders() for _p, storage in finder.list([])}
    now = fingerprint(sorted(folders))
    if not stamp.exists() or stamp.read_text() != now:
        _say("画面の部品を用意しています…")
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(now)
    connection.close()


def _say(text: str) -> None:
    print(text, flush=True)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _serve(port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--host", "127.0.0.1",
        "--port", str(port), "--log-level", "warning", "--no-access-log", "tsunagu.config.wsgi:application",
    ]  # fmt: skip
    # A session of its own: Ctrl-C reaches the launcher alone, which then stops the server in order.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("サーバーが起動できませんでした。上の表示を確かめてください。")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own loopback address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError("サーバーが60秒たっても応答しません。")


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def run(arguments: Sequence[str]) -> int:
    """Start everything, print where it is, serve until asked to stop. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="tsunagu run", description="手元で動かします。")
    parser.add_argument("--port", type=int, default=int(os.environ.get("TSUNAGU_PORT", FIRST_PORT)))
    parser.add_argument("--no-browser", action="store_true", help="ブラウザーを開かない")
    options = parser.parse_args(arguments)
    os.environ["TSUNAGU_MODE"] = "local"
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    server = None
    try:
        if not os.environ.get("DATABASE_URL"):
            from tsunagu.config.embedded import embedded_database_url

            # The server's workers get the address and do not start a database of their own.
            os.environ["DATABASE_URL"] = embedded_database_url(var_dir())
        _prepare()
        port = free_port(options.port)
        if port != options.port:
            _say(f"{options.port}番のポートは使われているので、{port}番で開きます。")
        address = f"http://127.0.0.1:{port}"
        server = _serve(port)
        _wait_until_ready(f"{address}/", server)
        _welcome(address, open_browser=not options.no_browser)
        return server.wait()
    except Stopped:
        _say("\n終了しています…")
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if server is not None:
            _end(server)


def var_dir() -> Path:
    """Where this checkout keeps what it makes, before Django's settings can be read."""
    default = Path(__file__).resolve().parents[3] / "var"
    return Path(os.environ.get("TSUNAGU_VAR", default))


def _welcome(address: str, *, open_browser: bool) -> None:
    from django.core.management import call_command
    from django.db import connection

    _say(f"\nつなぐ を開きました: {address}/")
    _say("サインイン用のリンク（1回だけ使えます。試用の人物です）:")
    call_command("print_demo_links", base_url=address)
    _say("終わるときは Ctrl-C を押してください。データは var/ に残ります。")
    connection.close()
    if open_browser and os.environ.get("DISPLAY") and sys.stdout.isatty():
        webbrowser.open(address)
