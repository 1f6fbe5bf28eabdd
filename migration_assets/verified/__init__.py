"""Stage `verified`: what Intercom really holds after the load, asked of Intercom and compared with what was meant."""
