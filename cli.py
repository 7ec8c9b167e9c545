"""The command line in a checkout: ``python cli.py --help``."""

from survey_service.cli import main

if __name__ == "__main__":
    main()
