"""`python -m library`: the command line without an installed entry point."""

from library.cli import main

main()
