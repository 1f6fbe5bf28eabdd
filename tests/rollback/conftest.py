"""The embedded workspace over HTTP and a small target, as the tests of the load have them."""

import importlib.util
from pathlib import Path

path = Path(__file__).parents[1] / "intercom" / "conftest.py"
spec = importlib.util.spec_from_file_location("tests_intercom_conftest", path)
loads = importlib.util.module_from_spec(spec)
spec.loader.exec_module(loads)
tt, server, small, site = loads.tt, loads.server, loads.small, loads.site
