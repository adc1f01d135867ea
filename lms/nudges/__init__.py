"""Short messages with one next step: planned as rows, rechecked when they are sent, each one accounted for.

``catalogue`` says who hears what, when, and when it stops; ``plan`` writes rows, ``deliver`` sends or drops them.
"""
