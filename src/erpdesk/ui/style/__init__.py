"""How the window looks: tokens read from one data file, and the theme made from them."""
