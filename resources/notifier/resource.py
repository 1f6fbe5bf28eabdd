"""Who is told, as Dagster sees it. The addresses are from the settings and in no configuration."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from pydantic import Field, SecretStr
from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_exponential

from resources.notifier.book import FILE, AlertMessage, Book, Kind, mark, open_book
from resources.ui_address import served_at
from resources.wording import counted

ATTEMPTS = 3
NOBODY = "Nobody is alerted: MIGRATION_ALERT_URLS is not set."


class NotDeliveredError(RuntimeError):
    """A message could not be delivered to every address. It is kept, and sent when the next one is asked for."""


class Notifier(dg.ConfigurableResource):
    """Tells people, once for each occasion, and keeps what it could not deliver."""

    state: str = Field(description="The state folder; alerts.json in it says what was told and what waits.")
    ui_url: str | None = Field(default=None, description="Where people reach Dagster's UI; unset: where it is served.")
    stuck_seconds: float = Field(default=1800.0, description="Seconds without a sign of life that make a run stuck.")
    pause: float = Field(default=1.0, description="Seconds before a message is sent again; doubled each time.")
    urls: dg.ResourceDependency[SecretStr | None] = Field(
        default=None,  # type: ignore[arg-type]
        exclude=True,
        description="MIGRATION_ALERT_URLS. Secrets are in it, so it is no configuration.",
    )

    @property
    def addresses(self) -> tuple[str, ...]:
        """The apprise URLs; secrets are in them."""
        if self.urls is None:
            return ()
        from schemas.alert_urls import alert_urls  # apprise is imported where somebody is to be told

        return alert_urls(self.urls.get_secret_value())

    @property
    def folder(self) -> Path:
        """The state folder."""
        return Path(self.state)

    def run_page(self, run_id: str) -> str | None:
        """Return the address of a run's page in Dagster's UI; None where no UI is known to be served now."""
        ui = self.ui_url or served_at(self.folder)
        return f"{ui.rstrip('/')}/runs/{run_id}" if ui else None

    @contextmanager
    def book(self) -> Iterator[Book]:
        """Open what was told so far, to note further messages in it (`Book.note`)."""
        with open_book(self.folder) as book:
            yield book

    def send(self, title: str, body: str, *, key: str | None = None, kind: Kind = "info") -> bool:
        """Tell everybody, and return whether this was new; with a `key` that was told already, nothing is sent.

        Raises:
            NotDeliveredError: an address did not take it, or something told earlier.
        """
        addresses = self.addresses
        if not addresses:
            return False
        with self.book() as book:
            message = AlertMessage(key=key or secrets.token_hex(8), title=title, body=body, kind=kind)
            new = book.note(message, addresses)
        self.deliver()
        return new

    def deliver(self) -> int:
        """Send what waits to whoever has not taken it yet; return how many messages that were.

        Raises:
            NotDeliveredError: an address did not take one; says which, and what its service said.
        """
        addresses = {mark(address): address for address in self.addresses}
        if not addresses or not (self.folder / FILE).exists():
            return 0
        with self.book() as book:
            waiting = list(book.waiting)
            faults = [fault for message in waiting for fault in self._deliver(book, message, addresses)]
            # Who is no longer among the addresses is not waited for.
            book.waiting = [message for message in waiting if set(message.waiting) & set(addresses)]
            left = len(book.waiting)
        if faults:
            raise NotDeliveredError(
                f"{counted(left, 'alert')} could not be delivered: {' '.join(dict.fromkeys(faults))} "
                f"Kept in {self.state}/{FILE}, and sent again. `make alert-test` tries the addresses."
            )
        return len(waiting)

    def _deliver(self, book: Book, message: AlertMessage, addresses: dict[str, str]) -> list[str]:
        """Send a message, cross out who has taken it, and return why the others have not."""
        from resources.notifier.sending import Delivery, send_to_all

        def attempt() -> list[Delivery]:
            due = [addresses[known] for known in message.waiting if known in addresses]
            sent = send_to_all(due, message.title, message.body, message.kind)
            arrived = {mark(one.address) for one in sent if one.fault is None}
            message.waiting = [known for known in message.waiting if known not in arrived]
            book.save()  # should this process end now, they are not told again
            return [one for one in sent if one.fault is not None]

        failed = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential(multiplier=self.pause, min=self.pause),
            retry=retry_if_result(bool),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else [],
        )(attempt)
        places = list(addresses.values())
        return [
            f"Address {places.index(one.address) + 1} ({one.service}): {one.fault.rstrip('.')}."
            for one in failed
            if one.fault
        ]
