"""The settings dialog: voucher types as rows that an administrator changes, with the form they make beside them."""
