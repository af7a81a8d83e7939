"""A PostgreSQL server of the user's own under the home folder: made, started, shared, stopped, mended."""

from erpdesk.storage.embedded.server import DATABASE, EmbeddedServer, attach, stop_server

__all__ = ["DATABASE", "EmbeddedServer", "attach", "stop_server"]
