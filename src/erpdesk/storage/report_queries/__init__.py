"""What reports ask of the database: rows by plain SQL, read in one snapshot, never written.

Every question names its organization; row-level security of the asking user applies besides, so a report
shows nobody more than the tables would.
"""

from erpdesk.storage.report_queries.reading import Heading, Reading, reading

__all__ = ["Heading", "Reading", "reading"]
