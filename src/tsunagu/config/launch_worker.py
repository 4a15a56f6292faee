"""The worker that `tsunagu run` keeps beside the web server: started again when it dies, ended with the launcher."""

import contextlib
import os
import signal
import subprocess
import sys
import time

from tsunagu.config.launch_server import end_with_parent

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# One that lived this long starts again at once.
HEALTHY = 60.0
PATIENCE = 5


class KeptWorker:
    """A worker process, and its successors."""

    def __init__(self) -> None:
        self._pause = FIRST_PAUSE
        self._start_at: float | None = None
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "tsunagu.config.command", "worker", "--patience", str(PATIENCE)]
        # A session of its own, as the web server has: Ctrl-C reaches the launcher alone.
        self.process = subprocess.Popen(command, start_new_session=True, preexec_fn=end_with_parent)
        self._started, self._start_at = time.monotonic(), None

    def look_after(self) -> None:
        """Start the worker again when it has died; one that keeps dying is given longer and longer pauses."""
        now = time.monotonic()
        if self._start_at is not None:
            if now >= self._start_at:
                self._start()
            return
        code = self.process.poll()
        if code is None:
            return
        self._pause = FIRST_PAUSE if now - self._started > HEALTHY else min(self._pause * 2, LONGEST_PAUSE)
        self._start_at = now + self._pause
        print(
            f"メールなどを送る係が止まりました（{code}）。{self._pause:.0f}秒後に、もう一度動かします。",
            file=sys.stderr, flush=True,
        )  # fmt: skip

    def ask_to_end(self) -> None:
        """Let the worker finish what it is doing while the web server is ended."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()

    def end(self) -> None:
        """Return once the worker is gone, by force if it does not end in time."""
        self.ask_to_end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE + 3)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
