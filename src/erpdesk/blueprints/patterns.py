"""Regular expressions of an admin, on a linear-time engine, so that no pattern can hang a form."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

MAX_PATTERN = 500


@lru_cache(maxsize=512)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text matches; ValueError when the pattern can't be compiled."""
    import re2

    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"is longer than {MAX_PATTERN} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as problem:
        said = problem.args[0] if problem.args else problem
        raise ValueError(said.decode() if isinstance(said, bytes) else str(said)) from None
    return lambda text: compiled.fullmatch(text) is not None
