"""Questionnaires: versioned forms made by the secretariat, answered together, never lost (plans, reports, surveys)."""
