"""erpdesk: keyboard-first accounting and stock vouchers on PostgreSQL."""

__version__ = "0.1.0"
