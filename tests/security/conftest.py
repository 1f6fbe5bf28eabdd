"""A client of Intercom's whose answers a test makes up, as the client's own tests have it."""

from tests.resources.intercom.conftest import answering
