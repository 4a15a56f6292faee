"""Who changed what, when, from what to what: written by the database itself, chained so that changes show."""
