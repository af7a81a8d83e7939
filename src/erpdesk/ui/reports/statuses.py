"""What the statuses of vouchers are called."""

from __future__ import annotations

from erpdesk.ui.words import to_say

STATUSES = {"POSTED": to_say("Posted"), "REVERSED": to_say("Reversed"), "DRAFT": to_say("Draft"),
            "CANCELLED": to_say("Cancelled"), "PENDING_APPROVAL": to_say("Waits for approval"),
            "APPROVED": to_say("Approved"), "REJECTED": to_say("Rejected")}
