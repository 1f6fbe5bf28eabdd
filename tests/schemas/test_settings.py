"""The settings come from the environment, are documented, and never show the token."""

import pytest
from pydantic import ValidationError

from schemas.settings import Settings, settings_table


def test_the_embedded_workspace_is_the_target_without_a_token(monkeypatch):
    monkeypatch.delenv("INTERCOM_ACCESS_TOKEN", raising=False)
    settings = Settings()
    assert (settings.target, settings.api_url) == ("embedded", None)


def test_a_token_picks_the_regions_host(monkeypatch):
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", "marker-token")
    monkeypatch.setenv("INTERCOM_REGION", "eu")
    monkeypatch.delenv("INTERCOM_BASE_URL", raising=False)
    settings = Settings()
    assert (settings.target, settings.api_url) == ("intercom", "https://api.eu.intercom.io")


def test_a_base_url_overrides_the_region(monkeypatch):
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", "marker-token")
    monkeypatch.setenv("INTERCOM_BASE_URL", "http://127.0.0.1:4010/")
    assert Settings().api_url == "http://127.0.0.1:4010"


def test_the_token_is_shown_nowhere(monkeypatch):
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", "marker-token")
    settings = Settings()
    assert "marker-token" not in repr(settings) + str(settings) + str(settings_table(settings))


def test_every_setting_is_documented():
    rows = settings_table(Settings())
    assert len(rows) == len(Settings.model_fields)
    assert all(variable.isupper() and meaning for variable, _, meaning in rows)


def set_to(monkeypatch, **given):
    for name in ("ACCESS_TOKEN", "BASE_URL", "REGION"):
        monkeypatch.delenv(f"INTERCOM_{name}", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(f"INTERCOM_{name}", value)


@pytest.mark.parametrize(
    ("given", "url", "region"),
    [
        ({"REGION": "au"}, "https://api.au.intercom.io", "au"),
        ({}, "https://api.intercom.io", "us"),
        ({"BASE_URL": "https://api.eu.intercom.io/"}, "https://api.eu.intercom.io", "eu"),
        ({"BASE_URL": "https://gateway.example/intercom"}, "https://gateway.example/intercom", None),
        ({"BASE_URL": "https://gateway.example", "REGION": "au"}, "https://gateway.example", "au"),
    ],
)
def test_the_region_that_the_workspace_must_be_in(monkeypatch, given, url, region):
    set_to(monkeypatch, ACCESS_TOKEN="marker-token", **given)
    assert (Settings().api_url, Settings().expected_region) == (url, region)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"BASE_URL": "https://api.eu.intercom.io", "REGION": "us"}, "host of region eu, but INTERCOM_REGION says us"),
        ({"BASE_URL": "https://me:s3cret@gateway.example"}, "user name or password"),
        ({"BASE_URL": "s3cret"}, "must begin with https"),
        ({"ACCESS_TOKEN": "tok s3cret"}, "not copied whole"),
        ({"REGION": "s3cret"}, "Input should be 'us', 'eu' or 'au'"),
    ],
)
def test_what_cannot_be_used_is_said_without_repeating_it(monkeypatch, capsys, given, words):
    from migration_assets.cli import main

    set_to(monkeypatch, **{"ACCESS_TOKEN": "marker-token", **given})
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert main(["settings"]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "s3cret" not in said + str(caught.value) + repr(caught.value)
