"""Published numbers, and the same numbers computed from the records as of a day."""
