"""The command line: a door to the services that knows no rule, only words and exit codes."""
