"""The command line: `python -m resources.notifier` sends a test message to every address and says what became of it."""

import socket
import sys

from pydantic import ValidationError

from resources.notifier.resource import NOBODY
from schemas.settings import Settings, wrong_settings


def main() -> int:
    """Send the test message; 0 where it arrived everywhere, 1 where it did not, 2 where nobody is to be told."""
    try:
        found = Settings().alert_urls
    except ValidationError as error:
        print(wrong_settings(error), file=sys.stderr)
        return 2
    if found is None:
        print(NOBODY, file=sys.stderr)
        return 2
    from resources.notifier.sending import send_to_all
    from schemas.alert_urls import alert_urls

    addresses = alert_urls(found.get_secret_value())
    body = f"A test from {socket.gethostname()}: alerts of the migration from ITCO to Intercom arrive here."
    results = send_to_all(addresses, "ITCO to Intercom: test", body)
    for place, sent in enumerate(results, start=1):
        print(f"Address {place}, {sent.service}: {'arrived' if sent.fault is None else f'failed: {sent.fault}'}")
    return 1 if any(sent.fault is not None for sent in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
