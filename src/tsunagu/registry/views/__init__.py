"""Views of the back office: parse, one service or selector, render."""
