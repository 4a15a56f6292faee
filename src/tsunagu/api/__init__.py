"""Open data and the programming interface: every public table, for anyone's program; a lab's own records, by key."""
