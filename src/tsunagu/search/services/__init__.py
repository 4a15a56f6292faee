"""Acts on the index, saved searches and synonyms."""
