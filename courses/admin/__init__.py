"""The catalogue in the admin: to be read, never to be changed. Content changes in its files and is published again."""

from courses.admin import beside, catalogue, graded, packs

__all__ = ["beside", "catalogue", "graded", "packs"]
