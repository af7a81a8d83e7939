"""Long pages are laid out by a process of their own, so that the window goes on living meanwhile.

Qt lays a table out in one go, half a second for 500 lines, and Python's lock is held all the while: a thread would
hold the window up as much as doing it there. The child is started when first wanted and asked in lines of JSON; what it
draws is drawn by the same `Sheets`, sheet for sheet. Everything here blocks; workers call it.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import IO, Any

from PySide6.QtGui import QImage

from erpdesk.domain.results import ErpdeskError
from erpdesk.services.printing import PrintPage
from erpdesk.ui.printing.beginning import beginning
from erpdesk.ui.printing.paper import Sheets, laid_out, pdf_of

Counted = tuple[PrintPage, int | None]
"""A page, and on how many sheets it was laid out elsewhere; None for a short one."""
Begun = tuple[PrintPage, QImage | None, int | None]
"""A page with what is known of it at first: a picture of its first sheet, or else on how many sheets it was laid out
elsewhere; neither for a short one."""
Drawn = bytes | bool
"""What came of drawing pages elsewhere: a PDF file, or whether the printer took them."""
LONG = 8000
"""Characters of a page from which on it is long: fewer are laid out within a few frames."""


def is_long(page: PrintPage) -> bool:
    """Whether laying the page out would be felt."""
    return len(page.html) > LONG


class Typesetter:
    """The window's end. One question at a time; a child that died is started anew once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def count(self, page: PrintPage) -> int:
        """How many sheets a page comes to."""
        return int(self._ask({"do": "count", "page": asdict(page)})["count"])

    def picture(self, page: PrintPage, sheet: int, dots_per_inch: float) -> QImage:
        """One sheet, as `Sheets.picture` draws it."""
        answer = self._ask({"do": "picture", "page": asdict(page), "sheet": sheet, "dots": dots_per_inch})
        return QImage.fromData(base64.b64decode(answer["picture"]))

    def pdf(self, pages: Sequence[PrintPage]) -> bytes:
        """The pages as a PDF file."""
        return base64.b64decode(self._ask({"do": "pdf", "pages": [asdict(page) for page in pages]})["pdf"])

    def print_on(self, printer: str, pages: Sequence[PrintPage]) -> bool:
        """Print the pages; whether the printer took them. Asked once only: half a job isn't printed again."""
        return bool(self._ask({"do": "print", "printer": printer, "pages": [asdict(page) for page in pages]},
                              again=False)["taken"])

    def stop(self) -> None:
        """Let the child go."""
        with self._lock:
            self._end()

    def _ask(self, question: dict[str, Any], *, again: bool = True) -> dict[str, Any]:
        with self._lock:
            try:
                return self._answer(question)
            except (OSError, ValueError) as error:
                self._end()
                if not again:
                    raise _lost(error) from error
            try:
                return self._answer(question)
            except (OSError, ValueError) as error:
                self._end()
                raise _lost(error) from error

    def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        child = self._child = self._child or _started()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(question).encode() + b"\n")
        child.stdin.flush()
        answer: dict[str, Any] = json.loads(child.stdout.readline())
        return answer

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()


@cache
def typesetter() -> Typesetter:
    """The one of this program."""
    return Typesetter()


def _started() -> subprocess.Popen[bytes]:
    own = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "erpdesk"]
    return subprocess.Popen([*own, "--typeset"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})


def _lost(error: Exception) -> ErpdeskError:
    return ErpdeskError("SYS-001", f"The page could not be laid out ({type(error).__name__}).")


def counted(page: PrintPage) -> Counted:
    """A page as it is to be shown: a long one is laid out elsewhere."""
    return page, typesetter().count(page) if is_long(page) else None


def begun(page: PrintPage, dots_per_inch: float) -> Begun:
    """A page as it is to be shown at first: of a long one the first sheet, laid out without all that follows it."""
    first = beginning(page) if is_long(page) else None
    if first is None:
        return page, None, counted(page)[1]
    return page, typesetter().picture(first, 0, dots_per_inch), None


# The child's end


def serve(questions: IO[bytes], answers: IO[bytes]) -> int:
    """Answer questions, a line each, until there are no more. The page asked for last stays laid out."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert application is not None
    kept: dict[PrintPage, Sheets] = {}

    def sheets_of(said: dict[str, Any]) -> Sheets:
        page = PrintPage(**said)
        if page not in kept:
            kept.clear()
            kept[page] = Sheets(page)
        return kept[page]

    for line in questions:
        asked = json.loads(line)
        answers.write(json.dumps(_done(asked, sheets_of)).encode() + b"\n")
        answers.flush()
    return 0


def _done(asked: dict[str, Any], sheets_of: Any) -> dict[str, Any]:
    if asked["do"] == "count":
        return {"count": sheets_of(asked["page"]).count}
    if asked["do"] == "picture":
        return {"picture": _png(sheets_of(asked["page"]).picture(asked["sheet"], asked["dots"]))}
    drawn = laid_out(PrintPage(**said) for said in asked["pages"])
    if asked["do"] == "pdf":
        return {"pdf": base64.b64encode(pdf_of(drawn)).decode("ascii")}
    from erpdesk.ui.printing.printers import print_on

    return {"taken": print_on(asked["printer"], drawn)}


def _png(picture: QImage) -> str:
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG", 90)  # type: ignore[call-overload]  # the stubs want bytes, Qt a text
    buffer.close()
    return base64.b64encode(bytes(content.data())).decode("ascii")
