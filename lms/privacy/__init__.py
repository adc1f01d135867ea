"""What is known about a person, and who sees it."""
