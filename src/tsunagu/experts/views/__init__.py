"""Pages of experts and dispatches."""
