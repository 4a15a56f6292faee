"""Surveys of labs: waves on the same questions, who has not answered, results without small cells."""
