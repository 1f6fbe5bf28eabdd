"""The addresses that alerts go to: one URL each, in the notation of apprise (https://appriseit.com/services/).

They hold passwords and keys, so nothing here repeats them: an address is named by its place in the list.
"""

import re

BETWEEN = re.compile(r"[\s,]+(?=[A-Za-z][A-Za-z0-9+.-]*://)|\s+|,+$")
"""What stands between two addresses: blanks, or a comma that another address follows."""


NOT_INSTALLED = "Alerts need the extra `alerts`, which is not installed: pip install 'itco-to-intercom[alerts]'."


class AlertUrlError(ValueError):
    """An address cannot be used. The message names its place, never the address."""


def alert_urls(text: str) -> tuple[str, ...]:
    """Return the addresses in `text`, which has blanks or commas between them.

    Raises:
        AlertUrlError: one of them is no address that an alert can be sent to, or nothing that sends is installed.
    """
    try:
        import apprise
    except ModuleNotFoundError:
        raise AlertUrlError(NOT_INSTALLED) from None
    addresses = tuple(part.strip(",") for part in BETWEEN.split(text.strip()) if part.strip(","))
    for place, address in enumerate(addresses, start=1):
        if "://" not in address or apprise.Apprise.instantiate(address, suppress_exceptions=True) is None:
            raise AlertUrlError(
                f"Address {place} of {len(addresses)} is not one that alerts can be sent to. Expected is an apprise "
                "URL, such as slack://…, msteams://…, pagerduty://…, mailtos://user:password@example.com or "
                "jsons://example.com/hook."
            )
    return addresses
