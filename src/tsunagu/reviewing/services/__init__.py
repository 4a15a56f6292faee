"""What people do in reviewing: one function per act, one transaction each."""
