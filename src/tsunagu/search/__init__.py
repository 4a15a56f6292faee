"""One search over everything: what may be found by whom, the index and its keeping, the pages."""
