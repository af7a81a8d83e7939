"""The posting queue: vouchers that were accepted, on their way into the books."""
