"""Pages of recommendations and of the way to DX認定."""
