"""What is computed, one package per stage, in the order in which a record passes through them.

`itco` lands the files as text, `clean` validates and types them, `shaping` says what Intercom should hold, `workspace`
looks at what Intercom holds already, `plan` compares, `intercom` writes, `verified` reads back, `handoff` reports.
`hypercare` looks again in the days after, `rollback` takes back. What is particular to an object is in `objects`.
"""
