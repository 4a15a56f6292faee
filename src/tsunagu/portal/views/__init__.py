"""Views of the portal: parse, one selector, render."""
