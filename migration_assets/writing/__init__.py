"""How any record is written to Intercom: many at a time, each journalled, edits respected, unknown outcomes looked up."""
