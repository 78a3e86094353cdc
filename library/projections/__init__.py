"""Pure functions from the domain to what an engine wants."""
