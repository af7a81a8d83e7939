"""What the administrator's pages have in common: a page of rows, and the rows."""
