"""The embedded workspace over HTTP and a small target, as the tests of the load have them."""

from tests.support.site import server, site, small
