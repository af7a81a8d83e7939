"""The condition editor: conditions of fields built from menus and said in words, never typed as code."""
