"""The two small pages before Dagster's UI: the way in with the printed address, and what stands there without it.

The UI lives below a path that nobody can guess, and an alert's link does not know it. What a page keeps in the
browser's local storage is for its own port alone, other than cookies, so that the way in leaves the path there, and a
link of an alert that is opened afterwards in the same browser finds it.
"""

from starlette.responses import HTMLResponse, Response

from resources.local_pages import secret_path

NAME = "dagster"
"""What the UI's path begins with."""
KEPT = "migration-ui-path"
"""Under which name the browser keeps it."""
_PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Dagster</title>{body}</html>'
_WELCOME = """<script>
const root = "{root}", address = new URL(location.href);
address.searchParams.delete("token");
localStorage.setItem("{kept}", root);
if (!address.pathname.startsWith(root)) address.pathname = root + address.pathname;
location.replace(address.href);
</script>"""
# Another program that was served on this port may have left anything: only what can be the UI's path is followed.
_CLOSED = """<p>Open the address that <code>make ui</code> printed in its terminal.</p><script>
const root = localStorage.getItem("{kept}") || "";
if (/^\\/{name}-[0-9a-f]{{32}}$/.test(root) && !location.pathname.startsWith(root))
  location.replace(root + location.pathname + location.search);
</script>"""


def root_of(token: str) -> str:
    """Return the path below which the UI is."""
    return secret_path(token, NAME)


def welcome(token: str) -> Response:
    """Lead to the same address below the UI's path, without the token, and remember the path."""
    return HTMLResponse(_PAGE.format(body=_WELCOME.format(root=root_of(token), kept=KEPT)))


def closed() -> Response:
    """Say how the UI is opened; in the browser that has opened it, lead to the page that is meant."""
    return HTMLResponse(_PAGE.format(body=_CLOSED.format(kept=KEPT, name=NAME)), 401)
