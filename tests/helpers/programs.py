"""A program is another process that uses the embedded server of a home, and does as it is told."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType

_CODE = """
import sys
from pathlib import Path
from erpdesk.storage.connections import open_server
from erpdesk.storage.embedded.process import read_status
from erpdesk.storage.target import Target
tell = lambda message: print(message, file=sys.stderr, flush=True)
server = open_server(Target("embedded", Path(sys.argv[1])), progress=tell)
print(read_status(server.embedded.layout).pid, flush=True)
sys.stdin.readline()
server.close()
"""


class Program:
    """Opens the home's server at once; `opened` waits for that and gives the server's process id."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CODE, str(home)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def opened(self) -> int:
        """The process id of the server it uses."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._process.communicate()[1]
        return int(line)

    def heard(self) -> str:
        """The next line of its progress."""
        assert self._process.stderr is not None
        return self._process.stderr.readline().strip()

    def leave(self) -> None:
        """Closes the server and ends; raises when it ends badly."""
        _, said = self._process.communicate("\n", timeout=60)
        assert self._process.returncode == 0, said

    def kill(self) -> None:
        """Ends as kill -9 does."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()

    def __enter__(self) -> Program:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if self._process.poll() is None:
            self.kill()
        else:
            self._process.communicate()
