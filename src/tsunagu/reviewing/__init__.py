"""Reviewing: criteria, reviewers, conflicts of interest, assignment, scores, interviews; used by selection and by awards."""
