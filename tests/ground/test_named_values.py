"""Words of the helpdesk's own are named with their rows; what may be a customer's text is only counted."""

import pytest

from migration_assets.ground.named_values import Unmapped, is_vocabulary, named_values


def test_a_word_is_named_with_its_rows_and_the_first_of_them():
    assert named_values([Unmapped("status", "Parked", 3, "tickets.csv", 2)]) == (
        "status: 'Parked' (3 rows, the first is tickets.csv:2)"
    )
    assert named_values([Unmapped("kind", "Shout", 1, "messages.csv", 9)]) == "kind: 'Shout' (1 row, messages.csv:9)"


def test_the_most_frequent_are_named_and_the_rest_is_counted():
    values = [Unmapped("status", f"Queue {number}", number, "tickets.csv", number) for number in range(1, 8)]
    said = named_values(values)
    assert said.startswith("status: 'Queue 7' (7 rows, the first is tickets.csv:7), 'Queue 6' (6 rows")
    assert said.endswith(
        "'Queue 3' (3 rows, the first is tickets.csv:3) and 2 more values (3 rows, such as tickets.csv:2)"
    )


def test_values_of_a_customers_own_column_are_only_counted():
    values = [Unmapped("cf_plan", "Gold", 3, "tickets.csv", 4), Unmapped("cf_plan", "Anna", 1, "tickets.csv", 7)]
    assert named_values(values) == "cf_plan: 2 values (4 rows, such as tickets.csv:4)"


def test_a_column_that_nobody_decided_about_is_named():
    values = [Unmapped("cf_new", None, 4, "tickets.csv", 2), Unmapped("status", "Odd", 1, "tickets.csv", 3)]
    assert named_values(values) == (
        "cf_new: the whole column (4 rows, the first is tickets.csv:2); status: 'Odd' (1 row, tickets.csv:3)"
    )


def test_what_may_be_a_customers_text_is_counted_beside_the_words():
    values = [Unmapped("status", "Parked", 1, "t.csv", 2), Unmapped("status", "anna@example.com", 9, "t.csv", 3)]
    assert named_values(values) == "status: 'Parked' (1 row, t.csv:2) and 1 more value (9 rows, the first is t.csv:3)"


@pytest.mark.parametrize(
    "word", ["Parked", "On hold", "in_progress", "P1 - urgent", "R&D / ops", "zurückgestellt", "1234"]
)
def test_a_word_of_the_helpdesk(word):
    assert is_vocabulary("status", word)


@pytest.mark.parametrize(
    "text", ["anna@example.com", "Hello, where is it?", "030 12345", "x" * 41, "two\nlines", "<b>", "", None, "it's"]
)
def test_what_may_be_a_customers_text(text):
    assert not is_vocabulary("status", text)
