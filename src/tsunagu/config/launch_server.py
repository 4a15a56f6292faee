"""The web server that `tsunagu run` starts: a free port, two workers, an orderly end."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

PORTS_TRIED = 100
START_LIMIT = 60.0
PR_SET_PDEATHSIG = 1


class PortClaim:
    """The first port from `first` on that is free; no other `tsunagu run` takes it while the claim lives.

    Raises OSError when a hundred ports in a row are taken.
    """

    def __init__(self, first: int) -> None:
        for port in range(first, min(first + PORTS_TRIED, 65536)):
            claim = _claim(port)
            if claim is not None and _is_free(port):
                self.port, self._claim = port, claim
                return
            if claim is not None:
                claim.close()
        raise OSError(
            f"{first}番から{PORTS_TRIED}個のポートがすべて使われています。--port で別の番号を選んでください。"
        )


def _claim(port: int) -> socket.socket | None:
    """Two launches at the same moment would both find a port free, and the servers would share it silently.

    A Linux abstract socket is a name on this machine that one process can hold and that ends with it.
    """
    claim = socket.socket(socket.AF_UNIX)
    if sys.platform == "linux":
        try:
            claim.bind(f"\0tsunagu-port-{port}")
        except OSError:
            claim.close()
            return None
    return claim


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def end_with_parent() -> None:
    """In a child before it starts its program: have it end when this process dies, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class WebServer:
    """Serves the application on loopback until `end` or until the launcher dies."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2",
            "--blocking-threads", "8", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error",
            "--no-access-log", "--workers-kill-timeout", "2", "--respawn-failed-workers",
            "tsunagu.config.wsgi:application",
        ]  # fmt: skip
        # A session of its own: Ctrl-C reaches the launcher alone, which then stops the server in order.
        self.process = subprocess.Popen(command, start_new_session=True, preexec_fn=end_with_parent)

    def wait_until_ready(self) -> None:
        """Return once the first page is answered; RuntimeError when the server ends, fails or is silent."""
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError("サーバーが起動できませんでした。上の表示を確かめてください。")
            try:
                with urllib.request.urlopen(f"{self.address}/", timeout=30):  # noqa: S310 - our own loopback address
                    return
            except urllib.error.HTTPError as error:
                raise RuntimeError(
                    f"最初のページを表示できません（{error.code}）。上の表示を確かめてください。"
                ) from error
            except OSError:
                time.sleep(0.03)
        raise RuntimeError(f"サーバーが{START_LIMIT:.0f}秒たっても応答しません。")

    def end(self) -> None:
        """Stop the server and every worker, by force if they do not end in time."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
