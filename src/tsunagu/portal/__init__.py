"""The public pages: the register, its map, every lab's history. Reads only."""
