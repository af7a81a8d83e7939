"""The command line inside the test's own process: the same door, without half a second's start for each command."""

from __future__ import annotations

import io
import itertools
import json
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from erpdesk.cli.main import run
from helpers.command_line import Ended
from helpers.heard import hear
from helpers.trading import CODE, Trade

_PATIENCE_SECONDS = 20.0
_numbers = itertools.count(1)


def run_here(url: str, *arguments: str | Path, typed: str = "") -> Ended:
    """One command to its end, as the login of a database's address; stdin is what is piped in."""
    bytes_ = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(stream, "utf-8", write_through=True) for stream in bytes_)
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(typed), out, err
    try:
        code = run(["--database", url, *map(str, arguments)])
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    said = [stream.getvalue().decode("utf-8") for stream in bytes_]
    hear(*said)
    assert "Traceback" not in "".join(said), said
    return Ended(code, said[0], said[1])


@dataclass(frozen=True, slots=True)
class Seat:
    """The command line as one login has it, in a home of its own where one is given."""

    url: str
    home: Path | None = None

    def run(self, *arguments: str | Path, typed: str = "") -> Ended:
        """One command to its end; stdin is what is piped in, else empty."""
        with pytest.MonkeyPatch.context() as environment:
            if self.home is not None:
                environment.setenv("ERPDESK_HOME", str(self.home))
            return run_here(self.url, *arguments, typed=typed)


@dataclass(slots=True)
class Terminal:
    """Runs commands against the organization SHOP of one database; whatever they say is heard."""

    trade: Trade
    folder: Path

    def run(self, *arguments: str | Path, login: str = "program") -> Ended:
        """One command to its end, as the program's login or another (`owner`, `worker`)."""
        ended = run_here(self.trade.database.url(login), *arguments)
        _check_steps(ended.out)
        return ended

    def ask(self, *arguments: str | Path) -> Ended:
        """One command of the organization SHOP."""
        return self.run(*arguments, "--org", CODE)

    def file(self, content: Any) -> Path:
        """A new file: bytes and text as they are, a list as JSON lines, anything else as JSON."""
        path = self.folder / f"sent-{next(_numbers)}.jsonl"
        if isinstance(content, list):
            content = "".join(json.dumps(line) + "\n" for line in content)
        elif not isinstance(content, str | bytes):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def send(self, *documents: Mapping[str, Any], post: bool = True) -> list[dict[str, Any]]:
        """Imports vouchers, each under a key of its own unless it says one; one answer each until the first refusal."""
        documents = tuple({"idempotency_key": f"sent-{next(_numbers)}", **document} for document in documents)
        return self.ask("import", "vouchers", self.file(list(documents)), *(["--post"] if post else [])).rows

    def posted(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Imports one voucher that must be posted; its answer."""
        [answer] = self.send(document)
        assert answer["ok"], answer
        assert answer["status"] == "POSTED", answer
        return answer

    def refused(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Imports one voucher that must be refused; its answer."""
        [answer] = self.send(document)
        assert not answer["ok"], answer
        return answer

    def configure(self, type_code: str, **columns: Any) -> None:
        """`config import` of one voucher type."""
        ended = self.ask("config", "import", self.file({"voucher_types": [{"code": type_code, **columns}]}))
        assert ended.code == 0, ended

    def masters(self, **sections: Any) -> None:
        """`import masters`."""
        ended = self.ask("import", "masters", self.file(sections))
        assert ended.code == 0, ended

    @contextmanager
    def meanwhile(self, *arguments: str | Path) -> Iterator[Future[Ended]]:
        """Starts a command that waits for a lock which the test holds; the block begins when it waits, and lets
        go of the lock. The command is over at the end."""
        with ThreadPoolExecutor(1) as pool:
            ending = pool.submit(self.ask, *arguments)
            self._until_it_waits(ending)
            yield ending
            ending.result(_PATIENCE_SECONDS)

    def _until_it_waits(self, ending: Future[Ended]) -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        while not ending.done() and time.monotonic() < until:
            if self.trade.database.waiting_sessions():
                return
            time.sleep(0.01)
        raise AssertionError(f"the command did not wait: {ending.result(0)}")


_STEPS = {"GL": ("gl",), "INV": ("inventory",), **dict.fromkeys(("VCH", "NUM", "PRD", "APR"), ("saved", "journal"))}


def _check_steps(out: str) -> None:
    """Each fault told belongs to the posting step that its kind of code stands for."""
    for line in out.splitlines():
        if line.startswith('{"') and '"faults"' in line:
            for fault in json.loads(line)["faults"]:
                assert fault["step"] in _STEPS.get(fault["code"].partition("-")[0], (fault["step"],)), fault
