"""`tsunagu run`: everything on one's own machine, from an empty folder to a page in the browser."""

import argparse
import os
import signal
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from tsunagu.config.database import act_as_owner, as_role
from tsunagu.config.launch_server import PortClaim, WebServer
from tsunagu.config.launch_worker import KeptWorker

FIRST_PORT = 8000
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Someone asked the launcher to stop."""


def run(arguments: Sequence[str]) -> int:
    """Start everything, print where it is, serve until asked to stop. Returns the exit code."""
    options = _read_options(arguments)
    os.environ["TSUNAGU_MODE"] = "local"
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    server = worker = None
    try:
        _set_up()
        claim = PortClaim(options.port)
        if claim.port != options.port:
            print(f"{options.port}番は使われているので{claim.port}番で開きます。", flush=True)
        server = WebServer(claim.port)
        server.wait_until_ready()
        _welcome(server.address, open_browser=not options.no_browser)
        # After the first page: the worker's start must not slow it.
        worker = KeptWorker()
        code = _wait_for_end(server, worker)
        print("サーバーが終了しました。上の表示を確かめてください。", file=sys.stderr, flush=True)
        return code or 1
    except Stopped:
        print("\n終了しています…", flush=True)
        return 0
    except (RuntimeError, OSError) as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    finally:
        _ignore_signals()
        if worker is not None:
            worker.ask_to_end()
        if server is not None:
            server.end()
        if worker is not None:
            worker.end()
        _leave_database()


def var_dir() -> Path:
    """Where this checkout keeps what it makes, before Django's settings can be read."""
    return Path(os.environ.get("TSUNAGU_VAR") or Path(__file__).resolve().parents[3] / "var")


def _read_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tsunagu run", description="手元で動かします。", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="この説明")
    parser.add_argument(
        "--port", type=int, metavar="番号", default=int(os.environ.get("TSUNAGU_PORT") or FIRST_PORT),
        help=f"ポート番号。使われていれば次の番号（既定は環境変数 TSUNAGU_PORT、なければ {FIRST_PORT}）",
    )  # fmt: skip
    parser.add_argument("--no-browser", action="store_true", help="ブラウザーを開かない")
    return parser.parse_args(arguments)


_asked_to_stop = threading.Event()


def _wait_for_end(server: WebServer, worker: KeptWorker) -> int:
    """The server's exit code; raises Stopped when asked to stop, also if the asking was lost while starting.

    An exception raised by a signal can vanish in code that runs where Python ignores exceptions (`__del__`, C calls).
    """
    while True:
        if _asked_to_stop.is_set():
            raise Stopped
        worker.look_after()
        try:
            return server.process.wait(0.5)
        except subprocess.TimeoutExpired:
            continue


def _stop(signum: int, frame: FrameType | None) -> None:
    # One Ctrl-C can arrive twice, from the terminal and from make; the second must not disturb the end.
    _ignore_signals()
    _asked_to_stop.set()
    raise Stopped


def _ignore_signals() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _set_up() -> None:
    # The server's workers get the address and do not start a database of their own.
    served = os.environ.get("DATABASE_URL") or _embedded_addresses()
    act_as_owner()
    import django

    django.setup()
    from django.db import connection

    from tsunagu.config.launch_prepare import prepare

    prepare(var_dir())
    connection.close()
    os.environ["DATABASE_URL"] = served


def _embedded_addresses() -> str:
    """Start the embedded server; tables are made as its owner, pages are served as the role that owns nothing."""
    from tsunagu.config.embedded import APP_ROLE, embedded_database_url

    owner = embedded_database_url(var_dir())
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = owner
    return as_role(owner, APP_ROLE)


def _leave_database() -> None:
    if embedded := sys.modules.get("tsunagu.config.embedded"):
        embedded.release_embedded(var_dir())


def _welcome(address: str, *, open_browser: bool) -> None:
    from django.core.management import call_command
    from django.db import connection

    print(f"\nつなぐ を開きました: {address}/", flush=True)
    print("サインイン用のリンク（1回だけ使えます。試用の人物です）:", flush=True)
    call_command("print_demo_links", base_url=address)
    print("終わるときは Ctrl-C を押してください。データは var/ に残ります。", flush=True)
    connection.close()
    if open_browser and os.environ.get("DISPLAY") and sys.stdout.isatty():
        webbrowser.open(f"{address}/")
