"""Custom attributes of contacts, companies and tickets."""
