"""The history of the tables: one line, oldest first."""
