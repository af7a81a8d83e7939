"""The only door to the database: tables, connections, the embedded server, migrations, readers."""
