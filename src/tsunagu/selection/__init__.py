"""Selection: call, application, review, decision, and the lab that comes of it."""
