"""Experts: a directory they keep themselves, requests of labs, a shortlist with reasons, visits, reports, follow-up."""
