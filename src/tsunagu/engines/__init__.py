"""Engines that know nothing of Django or the programme."""
