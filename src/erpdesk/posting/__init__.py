"""Voucher and state to plan (pure), plan to books (one server-side call)."""
