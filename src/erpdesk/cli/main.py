"""The command line's front door: global options, commands, and what becomes of every error.

Exit status: 0 done; 1 done, but something was refused (or failed); 2 wrong usage; 3 no database; 130 when
interrupted. Nobody ever sees a traceback: what wasn't foreseen goes to the log, with a correlation id.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from typer.exceptions import TyperException

from erpdesk import __version__
from erpdesk.cli import (
    approvals,
    baseline_upgrades,
    blueprint_versions,
    configuration,
    demonstration,
    exports,
    imports,
    key_paths,
    organizations,
    people,
    periods,
    previews,
    printing,
    reports,
    servers,
    settling,
    vouchers,
    working,
)
from erpdesk.cli import database as databases
from erpdesk.cli.choice import Choice, Draw
from erpdesk.cli.output import complain, print_error, speak_utf8
from erpdesk.domain.results import ErpdeskError, NoDatabaseError

DONE, REFUSED, WRONG_USAGE, NO_DATABASE, INTERRUPTED = 0, 1, 2, 3, 130
_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EIO)

Window = Callable[[Choice], int]

app = typer.Typer(
    name="erpdesk",
    help="Keyboard-first accounting and stock vouchers on PostgreSQL. Without a command: the window.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
for module in (
    databases,
    servers,
    organizations,
    people,
    periods,
    imports,
    exports,
    vouchers,
    approvals,
    previews,
    settling,
    configuration,
    key_paths,
    blueprint_versions,
    baseline_upgrades,
    printing,
    demonstration,
    working,
):
    module.add_to(app)
app.add_typer(reports.app)


def run(argv: list[str], window: Window | None = None, draw: Draw | None = None) -> int:
    """Runs one command line (without the program's name) and says how it ended. `window` opens the window
    when there is no command, `draw` makes PDF files."""
    speak_utf8(sys.stdout)
    speak_utf8(sys.stderr)
    try:
        return _invoke(argv, window, draw)
    except KeyboardInterrupt:
        complain("Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        _close_stdout()
        return REFUSED
    except NoDatabaseError as error:
        print_error(error)
        return NO_DATABASE
    except ErpdeskError as error:
        print_error(error)
        return REFUSED
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return _no_room(error)
        return _outage(error) or _unforeseen(error, argv)


class _Opening(list[Choice]):
    """The choice that no command follows, if there is one; and what draws."""

    def __init__(self, draw: Draw | None) -> None:
        super().__init__()
        self.draw = draw


def _invoke(argv: list[str], window: Window | None, draw: Draw | None) -> int:
    from typer.exceptions import Abort, Exit

    opening = _Opening(draw)
    try:
        answer = typer.main.get_command(app)(
            args=argv, prog_name="erpdesk", standalone_mode=False, obj=opening
        )
    except Exit as ending:
        return int(ending.exit_code)
    except Abort:
        raise KeyboardInterrupt from None
    except TyperException as error:
        return _wrong_usage(error)
    if opening and window is not None:
        return window(opening[0])
    if opening:
        return _wrong_usage_of_nothing()
    return answer if isinstance(answer, int) else DONE


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            envvar="ERPDESK_DATABASE_URL",
            show_envvar=True,
            help="A PostgreSQL database, as postgresql://user@host/name.",
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help="A connection profile.")
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(
            "--user",
            metavar="NAME",
            help="Log in as this user; the password comes from the keyring or ERPDESK_PASSWORD.",
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"erpdesk {__version__}\n")
        raise typer.Exit
    if database and profile and "ERPDESK_DATABASE_URL" not in os.environ:
        raise typer.BadParameter("name either --database or --profile, not both")
    opening: _Opening = context.obj
    choice = Choice(None if profile else database, profile, user, opening.draw)
    context.obj = choice
    if context.invoked_subcommand is None:
        opening.append(choice)


def _wrong_usage(error: TyperException) -> int:
    show = getattr(error, "show", None)
    if show is not None:
        show()
    else:
        complain(f"Error: {error}")
    return int(getattr(error, "exit_code", WRONG_USAGE))


def _wrong_usage_of_nothing() -> int:
    complain("Error: no command given. Try 'erpdesk --help'.")
    return WRONG_USAGE


def _close_stdout() -> None:
    """Whoever read the output has gone; nothing more goes there, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _no_room(error: OSError) -> int:
    _close_stdout()
    complain(f"SYS-004  The output can't be written: {error.strerror}.")
    complain("         Make room where it goes, and run the command again; what was posted stays posted.")
    return REFUSED


def _outage(error: Exception) -> int | None:
    from erpdesk.services.outage import outage

    told = outage(error)
    if told is None:
        return None
    print_error(told)
    return NO_DATABASE if isinstance(told, NoDatabaseError) else REFUSED


def _unforeseen(error: Exception, argv: list[str]) -> int:
    from erpdesk.services.logbook import record_failure

    logged = record_failure(error, "erpdesk " + " ".join(argv[:2]))
    place = f"The log says more: {logged.path}" if logged.path else "No log could be written."
    complain(
        f"SYS-001  Something unforeseen went wrong ({type(error).__name__}); nothing half done was kept."
    )
    complain(f"         Correlation id {logged.correlation_id}. {place}")
    return REFUSED
