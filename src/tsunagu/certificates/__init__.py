"""Certificates of selection (選定証): issued, reissued, checked in public; and the right to use the programme's mark."""
