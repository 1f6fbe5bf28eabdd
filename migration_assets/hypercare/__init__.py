"""Stage `hypercare`: the days after the cutover. What was migrated is looked at; nothing is written to Intercom."""
