"""The digital case database: what was tried, what came of it, who used it again."""
