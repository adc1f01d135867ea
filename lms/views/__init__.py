"""Doors for browsers, split by who reads the page: everybody (public, account), learner, champion, manager.

A view parses, authorises, calls one room and answers. Somebody else's address is a 404, a POST ends in a redirect.
"""
