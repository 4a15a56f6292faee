"""Transition: from the ended IoT scheme to a DX lab (移行), lab by lab."""
