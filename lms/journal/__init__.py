"""Daily practice: what one tried at work. The text is the learner's own."""
