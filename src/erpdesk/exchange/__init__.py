"""Import and export: JSON, CSV, XLSX and printing."""
