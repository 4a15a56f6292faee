"""Reading the room: each function takes who is looking, and gives only what exists for them."""
