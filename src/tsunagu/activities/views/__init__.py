"""Pages of the log: a lab's own, files taken in, policies, and the national tables."""
