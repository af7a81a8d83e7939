"""The embedded PostgreSQL server: one data folder, shared by every desk process on this machine."""
