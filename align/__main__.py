"""`python -m align`: the command line where the `align` script is not on the path."""

from align.cli.main import main

main()
