"""Grading: what was asked, what is right and what was answered go in; a score with its reasons comes out.

Pure: no clock, no randomness, no database, no network. Scored on ids and never on displayed text, so that the same answer
scores the same in every language; `write` is the one exception. One file per mechanic; `registry` knows them by name.
"""

from courses.grading.answers import InvalidResponse
from courses.grading.keys import KeyFault
from courses.grading.notes import NOTES
from courses.grading.question import confidence_levels
from courses.grading.registry import MECHANICS, best_response, check_key, constant_responses, grade
from courses.grading.result import PASS_MARK, Part, Result

__all__ = [
    "MECHANICS",
    "NOTES",
    "PASS_MARK",
    "InvalidResponse",
    "KeyFault",
    "Part",
    "Result",
    "best_response",
    "check_key",
    "confidence_levels",
    "constant_responses",
    "grade",
]
