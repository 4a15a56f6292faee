"""Writing reports: opening a year, filling in, sending, returning, accepting, correcting, measuring."""
