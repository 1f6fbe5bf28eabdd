"""The preflight says when the migration writes in the name of the admin who made the token."""

from migration_assets.workspace.assets import own_admin_notes
from schemas.intercom import Me


def test_one_admin_for_both_is_told_and_two_are_not():
    me = Me(id="1", email="Migration@example.com")
    (sentence,) = own_admin_notes(me, "migration@example.com")
    assert "Give the migration an admin of its own" in sentence
    assert own_admin_notes(me, "other@example.com") == []
    assert own_admin_notes(None, "migration@example.com") == []
