"""The logbook: what went wrong unforeseen, written to a file under the home folder with a correlation id.

People see a code, the id and the file's place; never a traceback. Passwords are blotted out.
"""

from __future__ import annotations

import logging
import os
import re
import tempfile
import traceback
import uuid
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import erpdesk
from erpdesk import settings

_SECRETS = (
    re.compile(r"(?P<before>[a-z+]+://[^\s:/@]*:)[^\s@/]+(?=@)", re.IGNORECASE),
    re.compile(r"(?P<before>\b(?:password|passwd|pwd|secret|token)\b['\"]?\s*[=:]\s*['\"]?)[^\s'\",;)}]+",
               re.IGNORECASE),
)  # fmt: skip
_LARGEST_LOG_BYTES = 5 * 1024 * 1024
_KEPT_LOGS = 3


@dataclass(frozen=True, slots=True)
class LoggedFailure:
    """Where a failure can be found: its id, and the log file (None when no file could be written)."""

    correlation_id: str
    path: Path | None


def redacted(text: str) -> str:
    """The text with passwords blotted out: in URLs, after `password=`, and the one of the environment."""
    for pattern in _SECRETS:
        text = pattern.sub(lambda found: found["before"] + "***", text)
    own = os.environ.get("ERPDESK_PASSWORD")
    return text.replace(own, "***") if own and len(own) > 3 else text


def record_failure(error: BaseException, where: str) -> LoggedFailure:
    """Writes an unforeseen error with its traceback to the log. Never raises."""
    correlation_id = str(uuid.uuid4())
    path = _log_file()
    if path is None:
        return LoggedFailure(correlation_id, None)
    try:
        logger = _logger(path)
        told = "".join(traceback.format_exception(error))
        logger.error("failed", where=where, correlation_id=correlation_id, error=type(error).__name__,
                     version=erpdesk.__version__, traceback=told)  # fmt: skip
    except Exception:
        return LoggedFailure(correlation_id, None)
    return LoggedFailure(correlation_id, path)


def _log_file() -> Path | None:
    """The log of this home, else one among the temporary files."""
    for folder in (settings.home() / "logs", Path(tempfile.gettempdir()) / "erpdesk-logs"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / "erpdesk.log"
            with path.open("a", encoding="utf-8"):
                pass
            return path
        except OSError:
            continue
    return None


def _logger(path: Path) -> Any:
    from logging.handlers import RotatingFileHandler

    import structlog

    handler = RotatingFileHandler(
        path, maxBytes=_LARGEST_LOG_BYTES, backupCount=_KEPT_LOGS, encoding="utf-8", errors="backslashreplace"
    )
    target = logging.getLogger("erpdesk.logbook")
    for old in list(target.handlers):
        target.removeHandler(old)
        old.close()
    target.addHandler(handler)
    target.propagate = False
    return structlog.wrap_logger(
        target,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: redacted(value) if isinstance(value, str) else value for key, value in event.items()}
