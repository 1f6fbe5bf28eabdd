"""A variable that is named like a setting and is none changes nothing; whoever set it is told so, or stopped."""

from migration_assets.cli import main
from migration_assets.cli.variables import unknown_variables


def test_a_slip_is_told_from_a_foreign_name():
    slips, others = unknown_variables(
        ["MIGRATION_RATE_SHRE", "MIGRATION_OF_SOMEBODY_ELSE", "MIGRATION_RUN", "PATH"],
        ["MIGRATION_RATE_SHARE", "MIGRATION_RUN", "INTERCOM_REGION"],
    )
    assert slips == ["MIGRATION_RATE_SHRE is no setting. Did you mean MIGRATION_RATE_SHARE? make settings lists them."]
    assert others == ["MIGRATION_OF_SOMEBODY_ELSE is no setting: it changes nothing."]


def test_a_slip_stops_every_command_before_it_does_anything(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("MIGRATION_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("MIGRATION_RATE_SHRE", "0.2")
    assert main(["settings"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Did you mean MIGRATION_RATE_SHARE?" in said.err
    assert not (tmp_path / "state").exists()


def test_variables_of_settings_and_options_are_known(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("MIGRATION_STATE", str(tmp_path / "state"))
    for name in ("ONLY", "RUN", "CONFIRM", "FREEZE", "FILE", "PORT", "RATE_SHARE"):
        monkeypatch.setenv(f"MIGRATION_{name}", "1")
    assert main(["settings"]) == 0
    assert "is no setting" not in capsys.readouterr().err
