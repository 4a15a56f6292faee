"""What can be found, one file for each part of the programme."""
