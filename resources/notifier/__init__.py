"""Telling people: what is to be said is noted first, and said once to each address, whatever happens between."""

from resources.notifier.book import Book, Failing, Kind, Message
from resources.notifier.resource import NOBODY, NotDeliveredError, Notifier

__all__ = ["NOBODY", "Book", "Failing", "Kind", "Message", "NotDeliveredError", "Notifier"]
