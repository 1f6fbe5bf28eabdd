"""The two ways a ticket gets into Intercom; the conversation route does only what differs from the ticket route."""
