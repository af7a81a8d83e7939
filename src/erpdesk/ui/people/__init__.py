"""Users, their rights and limits, on the screen."""
