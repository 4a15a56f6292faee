"""A PostgreSQL and a web server of one's own that can be killed at any moment and started again; as durable as in production."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import requests

from bench.place import ROOT

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
TSUNAGU = str(Path(sys.executable).with_name("tsunagu"))


class Database:
    """PostgreSQL from the wheel in a folder of its own, listening on a socket only, with fsync on."""

    def __init__(self, var: Path) -> None:
        from tsunagu.config import embedded
        from tsunagu.config.embedded_place import find_place

        self.place = find_place(var)
        shutil.rmtree(self.place.data, ignore_errors=True)
        embedded._make_cluster(self.place)
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, user: str = "postgres", name: str = "tsunagu") -> str:
        return f"host={self.place.data} user={user} dbname={name}"

    def start(self) -> None:
        """Start and wait until it answers; what a killed server left behind is waited for."""
        owner: dict[str, Any] = {}
        if self.place.owner:
            owner = {"user": self.place.owner[0], "group": self.place.owner[1], "extra_groups": []}
        program = str(self.place.programs / "postgres")
        command = [program, "-D", str(self.place.data), "-c", "listen_addresses=",
                   "-c", f"unix_socket_directories={self.place.data}"]  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **owner
            )
            while self.process.poll() is None and time.monotonic() < deadline:
                with contextlib.suppress(psycopg.OperationalError):
                    psycopg.connect(self.url(name="postgres"), connect_timeout=2).close()
                    return
                time.sleep(0.02)
            time.sleep(0.1)
        raise TimeoutError("the database did not start")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)


class Web:
    """The product's server with two workers, on a port of its own."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment, self.port = environment, port
        self.address = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        granian = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--workers",
            "2",
            "--blocking-threads",
            "4",
        ]
        place = ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "critical", "--no-access-log",
                 "--respawn-failed-workers", "--workers-kill-timeout", "2"]  # fmt: skip
        self.process = subprocess.Popen(
            [*granian, *place, "tsunagu.config.wsgi:application"],
            env=self.environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def answers(self) -> bool:
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.address}/readyz", timeout=5).status_code == 200
        return False

    def wait(self) -> None:
        deadline = time.monotonic() + 60
        while not self.answers():
            if self.process is not None and self.process.poll() is not None:
                # granian gives up when workers die faster than it renews them; whoever keeps the service starts it again.
                self.start()
            if time.monotonic() > deadline:
                raise TimeoutError("the web server did not answer")
            time.sleep(0.05)

    def workers(self) -> list[int]:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(one) for one in children]

    def kill(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_worker(self, which: int) -> None:
        workers = self.workers()
        if workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(workers[which % len(workers)], signal.SIGKILL)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
            self.kill()


def prepare(database: Database, var: Path) -> dict[str, str]:
    """An empty database with the real records, owned by one role and served as another: the server's environment."""
    with psycopg.connect(database.url(name="postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE tsunagu TEMPLATE template0 ENCODING 'UTF8'")
        connection.execute("CREATE ROLE tsunagu_app LOGIN")
    environment = {
        **os.environ,
        "TSUNAGU_MODE": "local",
        "TSUNAGU_NO_LIMITS": "1",
        "TSUNAGU_VAR": str(var),
        "DATABASE_URL": database.url(),
        "DATABASE_OWNER_URL": database.url(),
        "DJANGO_SETTINGS_MODULE": "tsunagu.config.settings",
    }
    environment.pop("TSUNAGU_TEST_DATABASE", None)
    for command in (["migrate"], ["load_programme"], ["collectstatic", "--no-input"]):
        subprocess.run(
            [TSUNAGU, *command, "--verbosity", "0"],
            env=environment,
            check=True,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
    return {**environment, "DATABASE_URL": database.url("tsunagu_app")}


def sign_in_links(environment: dict[str, str], address: str) -> list[str]:
    """One-time links of the demo people, METI's first."""
    owner = {**environment, "DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    done = subprocess.run(
        [TSUNAGU, "print_demo_links", "--base-url", address],
        env=owner,
        check=True,
        capture_output=True,
        text=True,
    )
    return re.findall(r"https?://\S+", done.stdout)


def signed_in(link: str) -> requests.Session:
    """A session of whoever the link is for."""
    session = requests.Session()
    page = session.get(link, timeout=10)
    done = session.post(link, data=hidden(page.text), timeout=10)
    assert done.ok, done.status_code
    return session


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's last form, as a browser would send them."""
    form = page[page.rfind('<form method="post"', 0, page.rfind("</main>")) :]
    return {name: value.replace("&amp;", "&") for name, value in HIDDEN.findall(form)}
