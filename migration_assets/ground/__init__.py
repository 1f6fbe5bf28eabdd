"""What every stage may use and that knows no stage: lists, paths, quarantine, the events of a run."""
