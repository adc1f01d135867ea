"""Frozen snapshots for managers and HR: small, useful, and the same for those whom they are about.

``scope`` says about whom, ``figures`` counts, ``rules`` decides what of it may be said, ``words`` says it; ``actions`` builds and sends.
"""
