"""Paper: pages of HTML drawn on sheets, for the screen, a printer or a PDF file."""
