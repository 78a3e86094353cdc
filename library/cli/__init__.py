"""The command line: `library`."""
