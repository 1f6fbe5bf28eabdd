"""`python -m migration_assets.ui DESCRIPTOR`, which serves the UI on a socket that its parent listens on."""

import socket
import sys

from migration_assets.ui.webserver import serve_on
from resources.private_files import keep_private
from schemas.settings import Settings

keep_private()
serve_on(Settings(), socket.socket(fileno=int(sys.argv[1])))
