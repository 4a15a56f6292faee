"""Pictures as plain geometry: templates draw them, so that text stays translatable and links stay links."""
