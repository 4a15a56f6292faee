"""Pages of Co-LEAD."""
