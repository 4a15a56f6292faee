"""Keeping the service running: backup and restore, health, metrics, and the page that shows the last checks."""
