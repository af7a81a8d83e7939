"""The main window: gateway, strip, button bar, tabs, and what lies over them."""
