"""The digital library: catalogue, portal, import and export. It owns the database."""
