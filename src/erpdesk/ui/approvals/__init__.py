"""What waits for approval, on the screen."""
