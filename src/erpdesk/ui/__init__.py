"""The desktop window: a door that holds no rule. The only room that knows Qt."""
