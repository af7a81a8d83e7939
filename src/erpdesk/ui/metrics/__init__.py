"""How posting does: figures against their targets, what failed, and events that were not delivered."""
