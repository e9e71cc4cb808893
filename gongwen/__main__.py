"""`python -m gongwen`."""

from gongwen.cli.main import main

if __name__ == "__main__":
    main()
