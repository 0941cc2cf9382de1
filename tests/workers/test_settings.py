"""What can be set from outside."""

from pathlib import Path

import pytest

from workers.settings import Settings, SettingsError, read_settings, temporal_connection


def test_nothing_set_means_embedded_servers_and_no_mail() -> None:
    settings = read_settings({})

    assert settings == Settings()
    assert settings.dsn is None
    assert settings.smtp_host is None


def test_each_setting_is_read_from_its_variable() -> None:
    settings = read_settings(
        {"TERMWISE_HOME": "/srv/t", "TERMWISE_SMTP_PORT": "25", "TERMWISE_SMTP_STARTTLS": "false"}
    )

    assert settings.home == Path("/srv/t")
    assert settings.smtp_port == 25
    assert settings.smtp_starttls is False


def test_an_empty_variable_is_not_set() -> None:
    assert read_settings({"TERMWISE_SMTP_HOST": "", "TERMWISE_SMTP_PORT": ""}) == Settings()


def test_a_misspelt_variable_is_named_with_the_nearest_right_one() -> None:
    with pytest.raises(SettingsError, match=r"TERMWISE_DATABSE; did you mean TERMWISE_DATABASE\?"):
        read_settings({"TERMWISE_DATABSE": "postgresql://host/name"})


def test_a_wrong_value_is_named_with_its_variable() -> None:
    with pytest.raises(SettingsError, match="TERMWISE_SMTP_PORT is 'many'"):
        read_settings({"TERMWISE_SMTP_PORT": "many"})


def test_the_variables_of_libpq_stand_in_for_an_address() -> None:
    assert read_settings({"PGHOST": "db"}).dsn == "postgresql://"
    assert (
        read_settings({"PGHOST": "db", "TERMWISE_DATABASE": "postgresql://other/x"}).dsn
        == "postgresql://other/x"
    )


def test_the_password_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("p@ss/word\n")
    settings = read_settings(
        {
            "TERMWISE_DATABASE": "postgresql://termwise@db:5433/termwise?sslmode=require",
            "TERMWISE_DATABASE_PASSWORD_FILE": str(tmp_path / "secret"),
        }
    )

    assert settings.dsn == "postgresql://termwise:p%40ss%2Fword@db:5433/termwise?sslmode=require"
    assert "db:5433" not in repr(settings)


def test_a_password_file_that_is_missing_is_named(tmp_path: Path) -> None:
    settings = Settings(smtp_password_file=tmp_path / "absent")

    with pytest.raises(SettingsError, match="absent cannot be read"):
        _ = settings.smtp_password


def test_temporal_is_found_as_its_own_command_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example.org:7233")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "trust")

    connection = temporal_connection()

    assert connection["target_host"] == "temporal.example.org:7233"
    assert connection["namespace"] == "trust"


def test_a_broken_temporal_configuration_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporal.toml").write_text("[profile.default]\nadress = 'x'\n")
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "temporal.toml"))

    with pytest.raises(SettingsError, match="Temporal's configuration cannot be read"):
        temporal_connection()


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
