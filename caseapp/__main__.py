"""`python -m caseapp` is the command `caseapp`."""

from caseapp.cli import main

if __name__ == "__main__":
    main(prog_name="caseapp")
