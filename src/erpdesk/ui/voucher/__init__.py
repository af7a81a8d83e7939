"""The entry window of a voucher, made from its UI schema alone."""
