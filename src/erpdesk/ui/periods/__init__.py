"""The periods of every fiscal year: locked, closed and opened, years closed and reopened."""
