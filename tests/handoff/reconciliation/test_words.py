"""The sentences of the reconciliation."""

from migration_assets.accounting.reconciliation.phases import PhaseLine
from migration_assets.accounting.reconciliation.words import sentence, table


def test_a_line_is_a_sentence_that_a_customer_understands():
    line = PhaseLine("whole", "tickets", 412, 407, (("skipped: rule spam", 3), ("quarantined", 2)))
    assert sentence(line) == (
        "412 tickets in your files; 5 left out or merged: 3 skipped: rule spam and 2 quarantined; 407 in Intercom."
    )


def test_a_line_in_which_nothing_is_left_out_is_short():
    assert (
        sentence(PhaseLine("landing", "team_members", 1_204, 1_204)) == "1,204 team members in your files; 1,204 read."
    )


def test_a_line_that_does_not_add_up_says_so():
    assert "these numbers do not add up" in sentence(PhaseLine("landing", "tickets", 10, 8, (("unread", 1),)))
    assert "no reason was stated; these numbers do not add up" in sentence(PhaseLine("landing", "tickets", 10, 8))


def test_more_reasons_than_a_sentence_holds_are_counted():
    line = PhaseLine("cleaning", "tickets", 10, 0, tuple((f"reason {n}", 2) for n in range(5)))
    assert sentence(line).endswith("2 reason 0, 2 reason 1, 2 reason 2 and 4 for further reasons; 0 go on.")


def test_a_phase_is_a_markdown_table():
    lines = [PhaseLine("loading", "part", 12, 11, (("refused | by Intercom", 1),)), PhaseLine("loading", "tag", 2, 2)]
    assert table(lines).splitlines() == [
        "| | planned | in Intercom | missing | why |",
        "|---|---:|---:|---:|---|",
        "| messages | 12 | 11 | 1 | 1 refused \\| by Intercom |",
        "| tags | 2 | 2 | 0 |  |",
    ]
    assert table([]) == "nothing yet"
