"""The order of undoing, and what else a rollback takes from the declarations."""

import pytest

from migration_assets.objects.declaration import Declaration, Requirement
from migration_assets.objects.fields import FieldList
from migration_assets.objects.ordering import undo_order
from migration_assets.objects.registry import declarations, hanging_on, rooms, told_when_deleted
from migration_assets.objects.registry import undo_order as order_of_undoing

NO_FIELDS = FieldList(())


def declared(name, *needs, **more):
    references = tuple(Requirement(need, f"{need}_key") for need in needs)
    return Declaration(name, f"{name}s", "One row per thing.", NO_FIELDS, references=references, **more)


def test_what_depends_on_others_is_undone_before_them():
    assert order_of_undoing() == (
        "conversation",
        "tag",
        "contact_company",
        "contact",
        "company",
        "ticket_attribute",
        "ticket_type",
        "attribute",
    )


def test_what_was_loaded_last_goes_first_and_what_is_only_archived_last():
    assert undo_order([declared("a"), declared("b", removal="archive"), declared("c")]) == ("c", "a", "b")
    assert undo_order([declared("a", "c"), declared("b"), declared("c")]) == ("b", "a", "c")


def test_what_is_part_of_a_record_has_it_undone_before_what_it_needs():
    part = declared("part", "tag", part_of="whole", parent="whole_key", removal=None)
    assert undo_order([declared("whole"), part, declared("tag")]) == ("whole", "tag")


def test_what_a_detached_record_is_gone_with_goes_before_the_other_end():
    link = declared("link", "person", "firm", parent="person_key", removal="detach")
    assert undo_order([declared("person"), declared("firm"), link]) == ("link", "person", "firm")


def test_objects_that_need_each_other_have_no_order():
    with pytest.raises(ValueError, match="a, b"):
        undo_order([declared("b", "a"), declared("a", "b")])


def test_every_object_that_is_taken_back_by_itself_has_what_undoes_it():
    assert {name for name, room in rooms().items() if room.loader is not None} == set(order_of_undoing())
    assert set(order_of_undoing()) == {name for name, item in declarations().items() if item.removal is not None}


def test_what_is_gone_with_a_record():
    assert hanging_on("conversation") == ("part", "attachment", "conversation_tag")
    assert hanging_on("contact") == ("contact_company",)
    assert hanging_on("tag") == ()


def test_of_which_objects_a_person_is_told_when_they_are_gone_at_source():
    assert told_when_deleted() == ("contact", "company", "conversation", "part")
