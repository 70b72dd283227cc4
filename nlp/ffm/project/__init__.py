"""A project: its folder, its scheme and its register of reports."""
