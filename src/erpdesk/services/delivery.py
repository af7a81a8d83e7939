"""Delivery of one event to one subscriber: a webhook, a file of JSON lines, or a program.

A subscription is a row that an organization's administrator may write, and the worker runs elsewhere: so a
file or program is a bare name in folders of the worker's own (`files`, `commands`), and a webhook is plain
HTTP or HTTPS without redirects. Whatever goes wrong is a DeliveryFailed; nothing undoes a post.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from erpdesk.storage.outbox import OutboxEvent, Subscription

TIMEOUT_SECONDS = 10
EVENT_HEADER = "X-Erpdesk-Event"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)


class DeliveryFailed(Exception):
    """The subscriber didn't take the event; the message says why."""


def target_fault(kind: str, target: str) -> str:
    """What is wrong with a subscription's target; empty when nothing is."""
    if kind == "webhook":
        from urllib.parse import urlsplit

        try:
            parts = urlsplit(target)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            fine = False
        return "" if fine and target.isprintable() and " " not in target else "a webhook is an http or https URL"
    if not _NAME.fullmatch(target):
        return f"a {kind} is a bare name in the worker's folder: letters, digits, dots, dashes"
    return ""


def deliver(event: OutboxEvent, subscription: Subscription, folder: Path) -> None:
    """Hands an event over. Raises DeliveryFailed."""
    wrong = target_fault(subscription.kind, subscription.target)
    if wrong:
        raise DeliveryFailed(wrong)
    body = json.dumps(event.as_json(), ensure_ascii=False, default=str)
    try:
        _KINDS[subscription.kind](event, subscription.target, body, folder)
    except OSError as error:
        raise DeliveryFailed(f"{type(error).__name__}: {error}") from error


def _post(event: OutboxEvent, target: str, body: str, folder: Path) -> None:
    """A webhook has the event once it answers with a status of 200 to 299."""
    import http.client
    import urllib.error
    import urllib.request

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any, **__: Any) -> None:
            return None

    headers = {"Content-Type": "application/json; charset=utf-8", EVENT_HEADER: str(event.id),
               "Idempotency-Key": str(event.id), "User-Agent": "erpdesk-worker"}  # fmt: skip
    request = urllib.request.Request(target, body.encode(), headers, method="POST")
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as error:
        raise DeliveryFailed(f"the webhook answered {error.code}") from None
    except http.client.HTTPException as error:
        raise DeliveryFailed(f"{type(error).__name__}: {error}") from error


def _append(event: OutboxEvent, target: str, body: str, folder: Path) -> None:
    """One line a event, in one write, so that two workers don't tear each other's lines."""
    del event
    files = folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(files / target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab", 0) as file:
        file.write(body.encode() + b"\n")
        os.fsync(file.fileno())


def _run(event: OutboxEvent, target: str, body: str, folder: Path) -> None:
    """A program gets the event on its standard input and has it once it ends with 0."""
    import subprocess

    program = folder / "commands" / target
    if not program.is_file() or not os.access(program, os.X_OK):
        raise DeliveryFailed(f"there is no program {target} in {program.parent}")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "ERPDESK_"))}
    try:
        ended = subprocess.run(
            [str(program)], input=body, encoding="utf-8", capture_output=True, timeout=TIMEOUT_SECONDS,
            check=False, env={**environment, "EVENT_ID": str(event.id), "EVENT_TYPE": event.event_type},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise DeliveryFailed(f"{target} took longer than {TIMEOUT_SECONDS} s") from None
    if ended.returncode != 0:
        said = " ".join((ended.stderr or ended.stdout).split())
        raise DeliveryFailed(f"{target} ended with {ended.returncode}: {said[:300]}")


_KINDS: Mapping[str, Callable[[OutboxEvent, str, str, Path], None]] = {
    "webhook": _post,
    "file": _append,
    "command": _run,
}
