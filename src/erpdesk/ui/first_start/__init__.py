"""The first start: where the books live, and an organization made by answering one page after another."""
