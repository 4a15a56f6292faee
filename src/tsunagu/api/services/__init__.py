"""Acts of the room: making and stopping keys, answering a request once."""
