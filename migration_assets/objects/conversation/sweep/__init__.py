"""The sweep for conversations and parts that are there twice, orphaned or missing."""
