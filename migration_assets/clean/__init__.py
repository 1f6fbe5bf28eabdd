"""Validation and typing: from landed text to typed tables, with every fault recorded and nothing guessed.

An object's columns are looked at as a whole first (`profile`), then its rows are tidied, checked against their
contract and typed in batches (`batch`), and at last compared with each other and with other objects in SQL
(`duplicates`, `relations`, `coverage`). `rejects` writes the faulty rows out for correction.
"""
