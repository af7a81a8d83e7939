"""The window: a door that knows services, blueprints and domain, never storage. Qt is imported here only."""

from erpdesk.ui.singletons import keep_singletons

keep_singletons()
