"""What labs did on a day, and which policies they used: logged once, reported and counted from."""
