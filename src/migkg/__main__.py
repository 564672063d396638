"""`python -m migkg`: the same as `migkg`."""

from migkg.cli import main

if __name__ == "__main__":
    main(prog_name="migkg")
