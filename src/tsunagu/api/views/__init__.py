"""Pages of open data and of keys for programs."""
