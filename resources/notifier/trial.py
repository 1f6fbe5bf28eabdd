"""A test message to every address, which shows whether alerts arrive."""

import socket
import sys

from resources.notifier.resource import NOBODY
from schemas.settings import Settings
from schemas.source import SOURCE


def send_test(settings: Settings) -> int:
    """Send it and say what became of it; 0 where it arrived everywhere, 1 where not, 2 where nobody is to be told."""
    found = settings.alert_urls
    if found is None:
        print(NOBODY, file=sys.stderr)
        return 2
    from resources.notifier.sending import send_to_all
    from schemas.alert_urls import alert_urls

    addresses = alert_urls(found.get_secret_value())
    body = f"A test from {socket.gethostname()}: alerts of the migration from {SOURCE} to Intercom arrive here."
    results = send_to_all(addresses, f"{SOURCE} to Intercom: test", body)
    for place, sent in enumerate(results, start=1):
        print(f"Address {place}, {sent.service}: {'arrived' if sent.fault is None else f'failed: {sent.fault}'}")
    return 1 if any(sent.fault is not None for sent in results) else 0
