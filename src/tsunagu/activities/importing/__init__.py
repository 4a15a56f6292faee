"""Taking in a lab's own list of activities (CSV or XLSX, kintone's exports included), whatever its columns are called."""
