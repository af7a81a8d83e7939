"""The program: a command line when it is given a command, the window when it is not.

Neither door is imported before it is wanted. `--render DIR` draws the window into PNG files, `--startup-report`
prints how long the first usable field took; both are for scripts. `--typeset` lays long pages out for a window.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from erpdesk.services.desk import Desk
    from erpdesk.services.printing import PrintPage

_WINDOW_WORDS = ("--render", "--startup-report", "--typeset")


def main() -> None:
    """Run the program with the arguments of the process."""
    sys.exit(run(sys.argv[1:]))


def run(argv: list[str]) -> int:
    """Run one line of arguments; the exit status."""
    if not argv:
        return open_window()
    if argv[0] in _WINDOW_WORDS:
        return _scripted(argv)
    from erpdesk.cli.main import run as run_command

    return run_command(argv, window=lambda choice: open_window(
        database_url=choice.database_url, profile=choice.profile, user=choice.user), draw=_draw)


def open_window(*, database_url: str | None = None, profile: str | None = None, user: str | None = None,
                organization: str = "") -> int:
    """The window, until it is closed."""
    from erpdesk.ui.application import run_window

    is_free = not (database_url or profile or user or os.environ.get("ERPDESK_DATABASE_URL"))
    return run_window(_desk_opener(database_url, profile, user), organization=organization,
                      doors=(lambda name: _desk_opener(None, name or None, None)) if is_free else None,
                      log_in=lambda chosen, name, password, keep: _desk_opener(
                          database_url, profile or chosen or None, name, password, keep=keep))


def _draw(pages: tuple[PrintPage, ...]) -> bytes:
    """Pages as a PDF file; Qt is imported only here, and needs no display."""
    from erpdesk.ui.printing.drawing import draw_pdf

    return draw_pdf(pages)


def _scripted(argv: list[str]) -> int:
    if argv[0] == "--typeset":
        from erpdesk.ui.printing.typesetter import serve

        return serve(sys.stdin.buffer, sys.stdout.buffer)
    if argv[0] == "--startup-report":
        from erpdesk.ui.application import run_window

        return run_window(_desk_opener(None, None, None), started=_process_started())
    if len(argv) < 2:
        sys.stderr.write("usage: python -m erpdesk.app --render DIR [light|dark|hi|ne ...]\n")
        return 2
    from erpdesk.ui.render import LOOKS, render

    return render(_desk_opener(None, None, None), argv[1], tuple(argv[2:]) or LOOKS)


def _desk_opener(database_url: str | None, profile: str | None,
                 user: str | None, password: str | None = None, *,
                 keep: bool = False) -> Callable[[Callable[[str], None]], Desk]:
    """What opens the desk; called on a worker, so that the window needn't wait for the imports either."""

    def opener(progress: Callable[[str], None]) -> Desk:
        from erpdesk.services.desk import open_desk

        return open_desk(database_url=database_url or os.environ.get("ERPDESK_DATABASE_URL"),
                         profile=profile, user=user, progress=progress, password=password, keep=keep)

    return opener


def _process_started() -> float:
    """When this process began, by the wall clock; where that can't be told, now."""
    try:
        with open("/proc/self/stat", encoding="ascii") as stream:  # noqa: PTH123 - not a file of ours
            ticks = int(stream.read().rpartition(")")[2].split()[19])
        with open("/proc/uptime", encoding="ascii") as stream:  # noqa: PTH123
            up_seconds = float(stream.read().split()[0])
        return time.time() - up_seconds + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return time.time()


if __name__ == "__main__":
    main()
