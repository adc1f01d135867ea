"""What a learner has done and what comes next: attempts, completions, unlocking. Only the server decides what is done."""
