"""The local journal: what is being typed and what waits to be posted, kept on this computer's disk."""
