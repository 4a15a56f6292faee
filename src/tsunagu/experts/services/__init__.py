"""Acts of the room: keeping one's entry, asking, offering, answering, visiting, reporting, assigning a month at once."""
