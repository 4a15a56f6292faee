"""Text search: so far the folding of spellings."""
