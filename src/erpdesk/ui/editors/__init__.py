"""Editors: one for each field type, the same in forms and grids; what is typed is read by pure functions."""
