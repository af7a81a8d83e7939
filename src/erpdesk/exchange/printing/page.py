"""A page to be printed: HTML and what the paper around it says. Whoever draws it needs nothing else.

`carried` and `brought` stand before a sum that goes over to the next sheet; the sum is in an anchor named
`carry:…` at the row it belongs to. An anchor named `keep` begins what stays together on the last sheet.
"""

from __future__ import annotations

from dataclasses import dataclass

CARRY, KEEP = "carry:", "keep"
"""How anchors of a page are named."""


@dataclass(frozen=True, slots=True)
class PrintPage:
    """`heading` stands above every sheet but the first, `mark` beside it; `foot` below, with the number of the sheet by
    `counting`, in which {page} and {pages} are filled in. `watermark` lies across; empty for none."""

    html: str
    title: str
    heading: str
    foot: str
    counting: str
    carried: str
    brought: str
    mark: str = ""
    watermark: str = ""
    landscape: bool = False
