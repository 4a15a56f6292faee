"""Awards for labs: entries made from their reports, a jury, certificates, a gallery."""
