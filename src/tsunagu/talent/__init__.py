"""Furusato Co-LEAD: companies of a region and digital talents, from the call to the final report."""
