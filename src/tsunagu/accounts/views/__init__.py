"""Signing in and out, one's own settings, and sign-in services outside."""
