"""Roles and permissions in people's words."""

from __future__ import annotations

from erpdesk.ui.words import to_say

ROLE_LABELS = {"clerk": to_say("Clerk"), "approver": to_say("Approver"), "accountant": to_say("Accountant"),
               "admin": to_say("Admin"), "auditor": to_say("Auditor")}
PERMISSION_LABELS = {
    "voucher.enter": to_say("Enter vouchers"), "voucher.post": to_say("Post vouchers"),
    "voucher.post_direct": to_say("Post without approval"), "voucher.approve": to_say("Approve vouchers"),
    "voucher.reverse": to_say("Reverse vouchers"), "voucher.cancel": to_say("Cancel drafts"),
    "masters.edit": to_say("Make and alter masters"), "config.edit": to_say("Change the configuration"),
    "period.lock": to_say("Lock periods"), "year.close": to_say("Close years"), "report.view": to_say("See reports"),
    "report.export": to_say("Export reports"), "audit.view": to_say("See the audit trail"),
    "user.admin": to_say("Administer users"),
}
