"""What a person calls the objects."""

from migration_assets.objects.registry import declarations


def noun(name: str) -> str:
    """Return what a person calls an object of the source or of Intercom, in the plural."""
    known = declarations()
    by_plural = {item.plural: item for item in known.values()}
    found = known.get(name) or by_plural.get(name)
    if found is not None:
        return found.people_say
    return name.replace("_", " ")
