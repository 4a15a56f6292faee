"""What people do in selection: one function per act, one transaction each."""
