"""Lookups: masters kept at hand, found by a few letters, shown in a list that never takes the focus."""
