"""The door of the phone: pages for people and an API for programs, over one store."""

from survey_service.web.application import create_app, from_environment

__all__ = ["create_app", "from_environment"]
