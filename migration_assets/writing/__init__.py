"""How any record is written to Intercom: many at a time, journalled, edits respected, unknown outcomes found."""
