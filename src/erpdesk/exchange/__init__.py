"""Import and export: files of many formats read into plain documents, and written from them."""
