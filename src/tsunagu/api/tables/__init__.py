"""The public tables, one file for each subject; `all.py` lists them. Whoever adds a subject adds its file there."""
