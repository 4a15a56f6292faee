"""Mail and jobs that must not be lost: written with the fact, delivered afterwards, seen when they fail."""
