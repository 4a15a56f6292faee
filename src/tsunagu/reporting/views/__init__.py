"""Pages of annual reports: the lab's, the staff's, and everybody's."""
