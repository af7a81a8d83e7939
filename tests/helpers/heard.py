"""What the command line was heard to say in a test: every stable code in its output.

A test that provokes a code says so with `@pytest.mark.provokes("INV-001")`; after it, the code must have been heard.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"\b[A-Z]{2,8}-\d{3}\b")
heard: set[str] = set()


def hear(*texts: str) -> None:
    """Note the codes in something that the command line wrote."""
    for text in texts:
        heard.update(_CODE.findall(text))


def forget() -> None:
    """Before each test."""
    heard.clear()
