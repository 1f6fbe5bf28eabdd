"""The people and groups of people that Intercom must have already: its API cannot create them, so they are matched."""
