"""Reports on the screen: a question with its filters, the answer as a table."""
