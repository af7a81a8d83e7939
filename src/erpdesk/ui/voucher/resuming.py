"""Typing on: a kept draft comes back into a window, the cursor where it was, or at the fault it was refused for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.domain.results import Refused
from erpdesk.ui.voucher.kept_draft import place_of, restore
from erpdesk.ui.voucher.window import VoucherWindow


def resume(window: VoucherWindow, kept: Mapping[str, Any], refusal: Refused | None = None) -> None:
    """Go on with a kept draft in a window that is blank."""
    window.set_draft(restore(window.schema, kept))
    window.enter(*place_of(kept))
    if refusal is not None:
        window.show_refusal(refusal)
        window.conflict.compare()
    window.keeping.resume()
