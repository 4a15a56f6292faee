"""Annual reports: opened filled in from the log, confirmed by the lab, read by the secretariat, published."""
