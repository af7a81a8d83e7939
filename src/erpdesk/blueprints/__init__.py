"""What configuration rows say: the field vocabulary, blueprints, and the UI schema they resolve to."""
