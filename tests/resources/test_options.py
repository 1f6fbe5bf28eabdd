"""What a person types for a run is looked at before anything is done: in the settings, and in the launchpad."""

import dagster as dg
import pytest
from pydantic import ValidationError

from migration_assets.ground.run_events import read_events
from resources.run import MigrationOptions
from schemas.settings import Settings, wrong_settings
from schemas.verification_sample import VerificationSample

EXPECTED = "a sample is all, a share such as 5%, or a number of records such as 2000, not 'ninety'"


def launched(sample):
    """Return the run of a job, launched with that sample in its configuration, and whether its step has begun."""
    begun = []

    @dg.op(required_resource_keys={"options"})
    def step():
        begun.append(True)

    @dg.job(resource_defs={"options": MigrationOptions.configure_at_launch()})
    def reading():
        step()

    config = {"resources": {"options": {"config": {"verify_sample": sample}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        return reading.execute_in_process(config, instance, raise_on_error=False), begun


def test_a_sample_that_is_none_is_refused_in_the_settings(monkeypatch):
    monkeypatch.setenv("MIGRATION_VERIFY_SAMPLE", "ninety")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert wrong_settings(refused.value) == f"MIGRATION_VERIFY_SAMPLE: {EXPECTED}"


@pytest.mark.parametrize("sample", ["0%", "101%", "0"])
def test_so_is_one_that_only_looks_like_one(monkeypatch, sample):
    monkeypatch.setenv("MIGRATION_VERIFY_SAMPLE", sample)
    with pytest.raises(ValidationError, match="a share such as 5%"):
        Settings()


def test_in_the_launchpad_it_is_refused_in_a_sentence_before_anything_is_done():
    result, begun = launched("ninety")
    assert (result.success, begun) == (False, [])
    (sentence,) = read_events(result.all_events).sentences()
    assert sentence == (
        f"run: The option verify_sample cannot be used: {EXPECTED}. Correct it in the launchpad and run again."
    )


def test_one_that_is_good_is_taken():
    result, begun = launched("12.5 %")
    assert (result.success, begun) == (True, [True])
    assert str(VerificationSample.parse("12.5 %")) == "12.5%"
