"""The database schema as SQLAlchemy Core tables, one module a room of accounting."""
