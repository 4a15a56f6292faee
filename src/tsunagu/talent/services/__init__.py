"""Acts of the room: running an edition, registering, writing briefs, wishing, forming teams, accompanying, reporting, forgetting."""
