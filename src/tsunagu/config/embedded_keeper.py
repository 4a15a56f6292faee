"""Keeps one PostgreSQL running for as long as anyone uses it. A program of its own; standard library only.

Every user of the server holds a shared lock on `users.lock`. The keeper asks for the exclusive lock: it is
granted when the last user is gone, however that user ended (even by kill -9), and then the server is stopped.
`keeper.lock` is locked while a keeper lives; it says the keeper's process number and, once the server is
ready, the folder of its socket.
"""

import argparse
import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TextIO

LONGEST_SOCKET = 100
PR_SET_PDEATHSIG = 1
READY_LIMIT = 300.0
LOG_LIMIT = 5_000_000


def _end_with_parent() -> None:
    if sys.platform == "linux":
        # SIGINT is PostgreSQL's fast, orderly shutdown.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _pid_in(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_other_program(pid: int, data: Path) -> bool:
    """Whether the process certainly is not a PostgreSQL on this data, living or just ended."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # ended, or a system without /proc: believe the pid file
        return False
    # The command line of an ended process that nobody has collected yet is empty.
    return bool(command) and str(data).encode() not in command.split(b"\0")


def clear_leftover(data: Path, limit: float = 30.0) -> None:
    """Deal with `postmaster.pid` of a server whose keeper was killed.

    A server still shutting down is waited for. Lock files whose number now belongs to some other program are
    removed: PostgreSQL would refuse to start because of them.
    """
    pid_file = data / "postmaster.pid"
    deadline = time.monotonic() + limit
    while (pid := _pid_in(pid_file)) is not None and time.monotonic() < deadline:
        if _is_other_program(pid, data):
            break
        try:
            os.kill(pid, signal.SIGINT)
        except ProcessLookupError:
            return
        except PermissionError:
            break
        time.sleep(0.05)
    for lock in (pid_file, data / ".s.PGSQL.5432.lock"):
        lock.unlink(missing_ok=True)


def _wait_ready(server: subprocess.Popen[bytes], data: Path) -> bool:
    deadline = time.monotonic() + READY_LIMIT
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            lines = (data / "postmaster.pid").read_text().splitlines()
            if len(lines) >= 8 and lines[0] == str(server.pid) and lines[7].strip() == "ready":
                return True
        time.sleep(0.01)
    return False


def _stop_when_unused(users: TextIO, server: subprocess.Popen[bytes]) -> None:
    fcntl.flock(users, fcntl.LOCK_EX)
    server.send_signal(signal.SIGINT)


def _keep(arguments: argparse.Namespace, own: TextIO, sockets: Path) -> int:
    owner = {"user": arguments.uid, "group": arguments.gid, "extra_groups": []} if arguments.uid else {}
    command = [arguments.programs / "postgres", "-D", arguments.data]
    for setting in ("listen_addresses=", f"unix_socket_directories={sockets}", *arguments.settings):
        command += ["-c", setting]
    log = arguments.run_dir / "postgres.log"
    long = log.exists() and log.stat().st_size > LOG_LIMIT
    with log.open("wb" if long else "ab") as output:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
            preexec_fn=_end_with_parent, **owner,
        )  # fmt: skip
    signal.signal(signal.SIGTERM, lambda *_: server.send_signal(signal.SIGINT))
    if not _wait_ready(server, arguments.data):
        server.kill()
        return server.wait() or 1
    own.write(f"{sockets}\n")
    own.flush()
    users = (arguments.run_dir / "users.lock").open("a+")
    threading.Thread(target=_stop_when_unused, args=(users, server), daemon=True).start()
    return server.wait()


def main() -> int:
    """Run the server until nobody uses it; the exit code is the server's."""
    parser = argparse.ArgumentParser()
    for name in ("run_dir", "data", "programs"):
        parser.add_argument(name, type=Path)
    for name in ("uid", "gid"):
        parser.add_argument(name, type=int)
    parser.add_argument("settings", nargs="*")
    arguments = parser.parse_args()
    own = (arguments.run_dir / "keeper.lock").open("a+")
    try:
        fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0
    own.truncate(0)
    own.write(f"{os.getpid()}\n")
    own.flush()
    clear_leftover(arguments.data)
    if len(str(arguments.data)) + len("/.s.PGSQL.5432") <= LONGEST_SOCKET:
        return _keep(arguments, own, arguments.data)
    sockets = Path(tempfile.mkdtemp(prefix="tsunagu-"))
    if arguments.uid:
        os.chown(sockets, arguments.uid, arguments.gid)
    try:
        return _keep(arguments, own, sockets)
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
