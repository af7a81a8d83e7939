"""The service of users, whole: other pages only list users, these change them."""

from __future__ import annotations

from typing import cast

from erpdesk.services.people import PeopleService
from erpdesk.ui.ports import Books


def people_of(books: Books) -> PeopleService:
    """Who is asked about users."""
    return cast("PeopleService", books.people)
