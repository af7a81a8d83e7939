"""Day book and voucher registers on the screen: a window onto a row of vouchers of any length."""
