"""Learners, departments, the reporting line, and the directory file that brings them."""
