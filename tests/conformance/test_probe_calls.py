"""What a probe asks and is answered is as Intercom describes it."""

import pytest

from tests.conformance.recorded import NAME
from tests.conformance.recorder import Recorder
from tests.conformance.tally import told
from tests.support.cli import Cli

pytestmark = [pytest.mark.conformance, pytest.mark.slow]


def test_every_call_of_a_probe_is_as_described(embedded, checker, tally, tmp_path):
    with Recorder(embedded.url) as recorder:
        given = {"INTERCOM_BASE_URL": recorder.url, "INTERCOM_ACCESS_TOKEN": embedded.token}
        finished = Cli(tmp_path / "state", INTERCOM_WORKSPACE=NAME, MIGRATION_SETTLE_SECONDS=0, **given)("probe")
    assert finished.code == 0, finished.said
    violations = tally.check(checker, recorder.exchanges)
    assert not violations, told(violations)
    assert len(recorder.exchanges) > 60
