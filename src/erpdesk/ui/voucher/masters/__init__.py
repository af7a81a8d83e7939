"""Masters typed in place: made and altered over a voucher, which goes on where it was left."""
