"""The settings come from the environment, are documented, and never show the token."""

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
