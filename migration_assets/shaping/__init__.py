"""Shaping: `clean.*` becomes `target.*`, the tables that say what Intercom should hold.

`mapping_tables` puts mapping.yaml beside the data (`map.*`), `selection` applies the skip rules, then one module
per group of tables: `people`, `attachments` (with `files`, `file_matching`), `threads`, `conversations`,
`references`, `lineage`. SQL stands in the `.sql` files beside them; text work is in `html`, `plain` and `bodies`.
What belongs elsewhere: comparing with the journal (`plan`), matching agents and teams with Intercom (`plan`), and
anything that talks to Intercom.
"""
