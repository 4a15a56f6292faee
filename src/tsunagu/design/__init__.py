"""The look of every page: base pages, shared components, template tags, the Digital Agency's tokens."""
