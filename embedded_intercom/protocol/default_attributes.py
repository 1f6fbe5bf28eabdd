"""The attributes that every ticket type has."""

DEFAULT_TITLE = "_default_title_"
DEFAULT_DESCRIPTION = "_default_description_"
