"""The screens of masters: every kind as a list or a tree, found as one types, altered in the form of its fields."""
