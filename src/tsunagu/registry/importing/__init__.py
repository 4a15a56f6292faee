"""Taking in lists of labs and organisations: dry run first, all errors at once, all or nothing."""
