"""Measurements behind the numbers the issues name. Run all with `make numbers`, one issue's with `ISSUE=A`."""
