"""Accounting's own nouns and rules: pure values and functions, standard library only."""
