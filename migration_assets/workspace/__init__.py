"""Stage `workspace`: what the Intercom workspace is and has before anything is written to it."""
