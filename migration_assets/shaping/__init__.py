"""Shaping: `clean.*` becomes `target.*`, the tables that say what Intercom should hold.

`mapping_tables` puts mapping.yaml beside the data (`map.*`), `selection` applies the skip rules, `stage` runs the steps
of an object's room (`objects/<object>/`), `assets` and `checks` are made from the registry, `lineage` joins what the
rooms tell of the source's rows.
What belongs elsewhere: how an object is shaped (its room), comparing with the journal (`plan`), matching agents and
teams with Intercom (`plan`), and anything that talks to Intercom.
"""
