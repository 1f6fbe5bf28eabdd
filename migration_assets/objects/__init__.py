"""One room per Intercom object, and the registry that joins them in dependency order."""
