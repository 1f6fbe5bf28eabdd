"""Who is told when something goes wrong: failed checks, failed runs, stuck runs, and that it is well again.

`messages.py` and `stuck.py` decide, `tell.py` tells once, `sensors.py` is the Dagster side; `resources/notifier` sends.
"""
