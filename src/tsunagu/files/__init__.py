"""Files people hand in: checked, hashed and stored before success is shown, handed out only by the sharing policy."""
