"""The audit trail on the screen: what changed, by whom, field by field."""
