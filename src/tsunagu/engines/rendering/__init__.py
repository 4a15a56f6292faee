"""Printed pages: documents and certificates as PDF with Japanese typesetting (decision 0045)."""
