"""Keys: which chord does what where, as data; and the one way a key press finds who does it."""
