"""`python -m migkg.cli`, for where the command `migkg` is not on the path."""

from migkg.cli import main

main()
