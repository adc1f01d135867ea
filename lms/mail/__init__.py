"""Write one mail, send it once, remember it: rendering, delivery of queued rows, tokens of unsubscribe links.

The row is the queue: whoever wants a mail sent writes a ``Delivery`` row in the transaction of its cause; this room claims the row
for a while (a lease), sends, and marks it. A worker that dies gives nothing up for lost: its lease runs out and the row is claimed
again, with the same Message-ID.
"""
