"""The embedded workspace over HTTP and a small target."""

from tests.support.site import server, site, small
