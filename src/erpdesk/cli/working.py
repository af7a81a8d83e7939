"""`erpdesk worker`, `event …` and `metrics`: outbox events delivered, who takes them, how posting fares."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from erpdesk.cli.choice import OrganizationOption, opened, opened_books
from erpdesk.cli.output import print_json, print_line, print_table

events = typer.Typer(help="Events, and who takes them.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(worker)
    app.command()(metrics)
    app.add_typer(events, name="event")


def worker(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="End when nothing is due.")] = False,
    interval: Annotated[
        float, typer.Option(min=0.1, max=3600.0, metavar="SECONDS", help="How often to look.")
    ] = 2.0,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where files are written and commands are found; else in the home."),
    ] = None,
) -> None:
    """Deliver events to who subscribed, tell desks what is new, seal audit entries; until ended."""
    with opened(context) as desk:
        working = desk.worker(folder)
        if once:
            print_json(working.until_idle().as_json())
            return
        ended = threading.Event()

        def end(_signal: int, _frame: Any) -> None:
            ended.set()

        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, end)
        working.run(ended.wait, interval, lambda done: print_json(done.as_json()))


def metrics(context: typer.Context) -> None:
    """Print how posting fares in your organizations, as Prometheus reads it."""
    from erpdesk.services.metrics import prometheus_text

    with opened(context) as desk:
        print_line(prometheus_text(desk).rstrip("\n"))


@events.command()
def subscribe(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A name of your own for it.")],
    target: Annotated[str, typer.Argument(help="URL; or name of a file or program in the worker's folder.")],
    org: OrganizationOption,
    kind: Annotated[str, typer.Option(help="webhook, file or command.")] = "webhook",
    event_type: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="Such as voucher.posted; else all.")
    ] = None,
) -> None:
    """Have events delivered, or change the subscription of that name."""
    with opened_books(context, org, to_write=True) as books:
        books.events.subscribe(name, kind, target, event_type or ())
    print_line(f"{name}: {kind} {target}")


@events.command()
def unsubscribe(
    context: typer.Context, name: Annotated[str, typer.Argument()], org: OrganizationOption
) -> None:
    """End a subscription."""
    with opened_books(context, org, to_write=True) as books:
        books.events.unsubscribe(name)
    print_line(f"{name}: ended")


@events.command("list")
def list_(context: typer.Context, org: OrganizationOption) -> None:
    """List the subscriptions, and how many events are in each state."""
    with opened_books(context, org) as books:
        rows = [
            (row["name"], row["kind"], row["target"], ", ".join(row["event_types"] or ["all"]),
             "active" if row["is_active"] else "ended")
            for row in books.events.subscriptions()
        ]  # fmt: skip
        counts = books.events.counts()
    print_table(("name", "kind", "target", "types", "state"), rows)
    print_line("events: " + (", ".join(f"{number} {state}" for state, number in sorted(counts.items())) or "none"))


@events.command()
def retry(context: typer.Context, org: OrganizationOption) -> None:
    """Try dead events again."""
    with opened_books(context, org, to_write=True) as books:
        print_line(f"{books.events.retry_dead()} events are due again")
