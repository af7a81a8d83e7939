"""What the command line says, and where: results on stdout, refusals and progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from erpdesk.domain.results import ErpdeskError, Fault


def print_line(text: str) -> None:
    """One line on stdout, out at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout, out at once."""
    print_line(json.dumps(value, ensure_ascii=False, default=str))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal, else plain lines with tabs between the cells."""
    if not sys.stdout.isatty():
        for row in rows:
            print_line("\t".join(row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def print_fields(fields: Mapping[str, Any]) -> None:
    """Names and values, one a line."""
    width = max(map(len, fields), default=0)
    for name, value in fields.items():
        print_line(f"{name:<{width}}  {value}")


def complain(text: str) -> None:
    """A line on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def print_error(error: ErpdeskError) -> None:
    """Every fault of an error, with its code and what to do about it, on stderr."""
    for fault in error.faults:
        print_fault(fault, error.cure)


def print_fault(fault: Fault, cure: str = "") -> None:
    """A fault and its cure on stderr."""
    from erpdesk.services.error_catalogue import cure_of

    complain(f"{fault.code}  {fault.message}")
    advice = cure or cure_of(fault.code)
    if advice:
        complain(f"         {advice}")


def print_refusal(error: ErpdeskError) -> None:
    """What was refused as one JSON line on stdout, every fault in it."""
    from erpdesk.domain.results import refused
    from erpdesk.services.importing import refusal_row

    print_json({"ok": False, **refusal_row(refused(error))})


@contextmanager
def progress(text: str) -> Iterator[Callable[[str], None]]:
    """A quiet line of progress on stderr while the block runs; nothing unless stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _message: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(escape(text)) as status:
        yield lambda message: status.update(escape(message))


@contextmanager
def counted(text: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr that the block advances; nothing unless stderr is a terminal and stdout
    isn't (result lines would tear the bar)."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(text, total=total)
        yield lambda done: bar.update(task, completed=done)


def speak_utf8(stream: TextIO) -> None:
    """Whatever the terminal's code page, text goes out as UTF-8 and never fails on a character."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
