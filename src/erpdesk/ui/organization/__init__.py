"""The organization itself, in a form."""
