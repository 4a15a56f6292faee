"""Contradictions: between records, published figures and lists. Flagged, never guessed; a person resolves them."""
