"""The ticket type that all tickets have."""
