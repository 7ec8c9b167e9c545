"""``python -m survey_service.cli``."""

from survey_service.cli import main

if __name__ == "__main__":
    main()
