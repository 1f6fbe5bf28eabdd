"""What is computed, one package per stage, in the order in which a record passes through them.

`itco` lands the files as text, `clean` validates and types them, `target` says what Intercom should hold,
`workspace` looks at what Intercom holds already, `plan` compares, `intercom` writes, `handoff` reports.
"""
