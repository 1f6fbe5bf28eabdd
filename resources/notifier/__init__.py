"""Telling people: what is to be said is noted first, and said once to each address, whatever happens between."""

from resources.notifier.book import AlertMessage, Book, Failing, Kind
from resources.notifier.resource import NOBODY, NotDeliveredError, Notifier

__all__ = ["NOBODY", "AlertMessage", "Book", "Failing", "Kind", "NotDeliveredError", "Notifier"]
