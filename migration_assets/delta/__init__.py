"""What begins runs by itself: a new drop, the migration window, the days after the cutover: decisions and triggers.

The runs that they begin are the same jobs that a person starts.
"""
