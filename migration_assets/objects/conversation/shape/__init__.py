"""Tickets, messages and attachments become conversations, parts and files.

The steps stand in `objects/conversation/shaping.py`, in order. SQL is in the `.sql` files; text work is in `html`,
`plain` and `bodies`, files in `files`, `file_matching` and `attachments`, the times of parts in `threads`.
"""
