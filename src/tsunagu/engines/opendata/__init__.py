"""Whether a published table can be read by machines."""

from tsunagu.engines.opendata.readability import RULES, Nature, Rule, Verdict, examine

__all__ = ["RULES", "Nature", "Rule", "Verdict", "examine"]
