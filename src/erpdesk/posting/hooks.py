"""Hooks let an installed package refuse a post before it happens, and hear of it afterwards.

A package registers entry points in the group `erpdesk.hooks`; each names an object with one or both of

    before_post(post: Posting) -> None                      may raise PostRefused
    after_commit(post: Posting, result: PostedVoucher) -> None

`before_post` runs when a voucher has passed its checks and nothing is locked yet, once for each attempt. A reversal is
asked about too, as a document of the type REVERSAL. A hook that
breaks or can't be loaded stops the post: it may have held a rule. `after_commit` runs once, after the commit;
what it raises is logged and undoes nothing. Hooks are loaded once, at the first post.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from erpdesk.domain.results import ErpdeskError, Fault, InvalidRequest, Step
from erpdesk.posting.context import PostingContext
from erpdesk.posting.outcome import PostedVoucher

GROUP = "erpdesk.hooks"

_CODE = re.compile(r"[A-Z]{2,8}-[0-9]{3}", re.ASCII)
_log = logging.getLogger(__name__)


class Asked(Protocol):
    """What a door asked of the engine: a post or a reversal."""

    @property
    def document(self) -> Mapping[str, Any]: ...
    @property
    def context(self) -> PostingContext: ...


@dataclass(frozen=True, slots=True)
class Posting:
    """What a hook is told: the organization's code, a copy of the document, and the posting context."""

    organization: str
    document: Mapping[str, Any]
    context: Mapping[str, Any]


class PostRefused(Exception):
    """A hook's refusal: a stable code of the package's own (`ACME-001`), a sentence, the field meant."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


@dataclass(frozen=True, slots=True)
class Hook:
    """A registered object by the name of its entry point; `trouble` says why it couldn't be loaded."""

    name: str
    target: Any = None
    trouble: str = ""


@cache
def loaded() -> tuple[Hook, ...]:
    """All hooks of the installed packages, by name."""
    from importlib.metadata import entry_points

    hooks = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            hooks.append(Hook(point.name, point.load()))
        except Exception as error:
            _log.exception("the hook %s can't be loaded", point.name)
            hooks.append(Hook(point.name, trouble=f"{type(error).__name__}: {error}"))
    return tuple(hooks)


def are_there() -> bool:
    """Whether any hook is installed."""
    return bool(loaded())


def ask_before_post(organization: str, request: Asked) -> None:
    """Every hook's word on a post, each fault at once. Raises InvalidRequest with the hooks' own codes,
    ErpdeskError SYS-005 for a hook that is broken."""
    faults = []
    for hook in loaded():
        if hook.trouble:
            raise _broken(hook, hook.trouble)
        ask = getattr(hook.target, "before_post", None)
        if ask is None:
            continue
        try:
            ask(_told(organization, request))
        except PostRefused as refusal:
            if not _CODE.fullmatch(refusal.code):
                raise _broken(hook, f"{refusal.code[:40]!r} is no code") from refusal
            faults.append(Fault(refusal.code, refusal.message, refusal.field, Step.JOURNAL))
        except Exception as error:
            _log.exception("the hook %s failed before a post", hook.name)
            raise _broken(hook, f"{type(error).__name__}: {error}") from error
    if faults:
        raise InvalidRequest(faults)


def tell_after_commit(organization: str, request: Asked, result: PostedVoucher) -> None:
    """Tells every hook of a post that has happened; whatever a hook does, it stays."""
    for hook in loaded():
        tell = getattr(hook.target, "after_commit", None)
        if tell is None:
            continue
        try:
            tell(_told(organization, request), result)
        except Exception:
            _log.exception("the hook %s failed after the commit of %s", hook.name, result.voucher_number)


def _told(organization: str, request: Asked) -> Posting:
    return Posting(organization, deepcopy(dict(request.document)), request.context.as_json())


def _broken(hook: Hook, why: str) -> ErpdeskError:
    return ErpdeskError(
        "SYS-005",
        f"The plug-in {hook.name} failed: {why[:200]}",
        step=Step.JOURNAL,
        cure="Mend the plug-in or take it out; nothing was posted.",
        details={"hook": hook.name},
    )
