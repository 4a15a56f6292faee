"""Who may see what. One policy: every route declares its audience, every viewer is one value object."""
