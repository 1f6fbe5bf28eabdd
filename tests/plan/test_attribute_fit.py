"""An attribute that stands in Intercom and cannot hold our values stops the plan, before anything is written."""
