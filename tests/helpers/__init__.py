"""What tests share: servers, databases, sample data."""
