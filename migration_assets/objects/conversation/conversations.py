"""Conversations with their parts, tags, priority and state: one record each, its steps strictly in order."""

from collections.abc import Mapping
from typing import Any

import duckdb

from migration_assets.objects.conversation.canary import CANARY_SIZE, read_canary_back
from migration_assets.objects.conversation.routes.conversation import ConversationRoute
from migration_assets.objects.conversation.routes.fields import STATE
from migration_assets.objects.conversation.routes.files import Files
from migration_assets.objects.conversation.routes.seen import thread_of
from migration_assets.objects.conversation.routes.shared import RouteWorkspace, Row, TicketBefore, same_part
from migration_assets.objects.conversation.routes.ticket import TicketRoute
from migration_assets.objects.conversation.rows import parts_by_key, rows_by_key, steps_of, take_keys, take_page
from migration_assets.objects.conversation.touches import may_be_of_others, said_something, touched_thread, with_authors
from migration_assets.objects.ticket_type.ticket_types import require_ticket_type
from migration_assets.objects.touches import TouchContext, own_admins
from migration_assets.objects.undoer import NOTHING_LEFT, ReadUndoer, Undoing, found
from migration_assets.writing.environment import Environment
from migration_assets.writing.records import Ids, Record, Sent, Step, Stopped
from migration_assets.writing.resolve import FoundWrite, UnknownWrite
from migration_assets.writing.touch_rules import WritingTimes, left_of
from migration_assets.writing.workspace_answers import known_answers
from resources.journal import Write
from schemas.intercom import Conversation, Ticket
from schemas.mapping_parts import fold
from schemas.mapping_settings import RouteName


async def open_route(env: Environment, route: RouteName, ticket_type: str) -> TicketRoute:
    """Read what the route must know of the workspace, and return the route.

    Raises:
        Stopped: the ticket type, a ticket state or the migration's admin is missing.
    """
    states = {
        fold(state.internal_label): state.id
        for state in await env.client.list_ticket_states()
        if state.internal_label and state.id and not state.archived
    }
    with env.warehouse.connect() as connection:
        wanted = connection.execute("SELECT DISTINCT ticket_state FROM target.conversations").fetchall()
        admin = connection.execute("SELECT migration_admin_id FROM plan.own_admins").fetchall()[0][0]
        answers = known_answers(connection)
    missing = sorted(label for (label,) in wanted if fold(label) not in states)
    if missing:
        raise Stopped(
            f"Intercom has no ticket state named {', '.join(map(repr, missing))}. Create it in Intercom's settings, "
            "or name another one under statuses: in the mapping."
        )
    info = await require_ticket_type(env.client, ticket_type)
    workspace = RouteWorkspace(env.client, info, states, admin, Files(env.drop), answers)
    return TicketRoute(workspace) if route == "ticket" else ConversationRoute(workspace)


WRITTEN_WITH_IT = ("part", "conversation_tag")
"""The objects whose writes are part of writing a conversation."""


class Conversations(ReadUndoer):
    """What a load and a rollback must know of conversations."""

    object = "conversation"
    non_idempotent_writes = (("conversation", "create"), ("part", "append"))
    canary_size = CANARY_SIZE

    def __init__(self, route: RouteName, ticket_type: str) -> None:
        self._name = route
        self._ticket_type = ticket_type
        self._route: TicketRoute | None = None
        self.finder = ConversationFinder(self)

    async def route(self, env: Environment) -> TicketRoute:
        """Return the route, opened once per load."""
        if self._route is None:
            self._route = await open_route(env, self._name, self._ticket_type)
        return self._route

    async def prepare(self, env: Environment) -> None:
        """Open the route."""
        self._env = env
        with env.warehouse.connect() as connection:
            self._own_admins = own_admins(connection)
        await self.route(env)

    async def read_canary_back(self, env: Environment) -> int:
        """Read the first tickets back."""
        return await read_canary_back(env)

    def page(self, connection: duckdb.DuckDBPyConnection, first: int, last: int) -> list[Record]:
        """Return the conversations at these positions of the queue, each with its steps."""
        take_page(connection, first, last)
        rows, parts = rows_by_key(connection), parts_by_key(connection)
        found = steps_of(connection)
        for key, steps in found.items():
            rows[key]["changes"] = any(step["changes"] for step in steps)
        return [
            Record(
                key,
                tuple(self._step(rows[key], step, parts) for step in steps),
                {"conversation": rows[key]["conversation_id"]} if rows[key]["conversation_id"] else {},
            )
            for key, steps in found.items()
        ]

    def _step(self, row: dict[str, Any], step: Row, parts: Mapping[str, Row]) -> Step:
        write = Write(step["object"], step["source_key"], step["operation"], step["fingerprint"], step["parent_key"])
        part = parts.get(step["source_key"]) if step["object"] == "part" else None

        async def send(ids: Ids) -> Sent:
            if self._route is None:
                raise RuntimeError("prepare was not called")
            if row["changes"] and "ticket_before" not in row:
                # Before anything is sent: our own parts may wake it, and that is nobody's edit.
                row["ticket_before"] = await self._stands(self._route, row)
            return await send_step(self._route, row, step, part, ids)

        # A refused tag or priority, or a note that only carries files, does not keep the rest back; a refused part
        # would leave a gap. The state comes last: refused for record after record, it is the mapping that is wrong.
        essential = step["operation"] in ("create", "append", "settle") and not step["optional"]
        return Step(write, send, essential=essential)

    async def _stands(self, route: TicketRoute, row: Row) -> TicketBefore | None:
        there = await route.read(row["conversation_id"])
        left = self._env.journal.last_written("conversation", row["source_key"])
        ours = self._env.journal.bound_ids("part", row["source_key"])
        strange = [part for part in there.parts if part.id not in ours]
        writing = WritingTimes(self._env.journal.writing_times("conversation", row["source_key"], WRITTEN_WITH_IT))
        own = with_authors({route.workspace.admin_id, *self._own_admins}, there.parts, ours)
        others = [part for part in strange if may_be_of_others(part, own, writing)]
        if not row["settled"] and any(said_something(part) for part in others):
            # It is as it was made, and somebody has written in it since: it stays open for them.
            left = {name: mark for name, mark in left.items() if name != STATE}
        if not there.is_ticket and not others:
            return None
        return TicketBefore(there.fields, left, self._env.policy, untouched=not others, is_ticket=there.is_ticket)

    async def look(self, row: Row) -> Undoing:
        """Read the ticket and the conversation that it is, which alone shows company, priority and tags.

        Where a load died before it was made a ticket there is only the conversation.
        """
        conversation_id = row["intercom_id"]
        ticket: Ticket | None = await found(self._client.get_ticket(conversation_id))
        conversation: Conversation | None = await found(self._client.get_conversation(conversation_id))
        there = ticket or conversation
        if there is None:
            return NOTHING_LEFT
        known = frozenset(one.id for one in there.contacts if self._retained.is_ours("contact", one.id))
        context = TouchContext(known, answers=self._retained.answers, took_back=self._retained.was_doubled)
        refusal = touched_thread(thread_of(ticket, conversation, context), left_of(row), self._retained.own_admins)
        if refusal is not None:
            return Undoing(refusal=refusal)
        remove = self._client.delete_ticket if ticket else self._client.delete_conversation
        return Undoing(lambda: remove(conversation_id))

    async def stands(self, row: Row) -> bool:
        """Whether it can still be read."""
        if await found(self._client.get_ticket(row["intercom_id"])) is not None:
            return True
        return await found(self._client.get_conversation(row["intercom_id"])) is not None


async def send_step(route: TicketRoute, row: dict[str, Any], step: Row, part: Row | None, ids: Ids) -> Sent:
    """Send one step of a conversation."""
    operation = step["operation"]
    if operation == "create":
        made = await route.create(row)
        ids["conversation"] = str(made.intercom_id)
        return made
    conversation_id = ids["conversation"]
    ticket_before: TicketBefore | None = row["ticket_before"] if step["changes"] else None
    if part is not None:
        row["touched"] = True
        return await route.append(row, part, conversation_id)
    if operation == "attach":
        await route.tag(step["tag_id"], conversation_id)
        return Sent(f"{conversation_id}|{step['tag_id']}")
    if operation == "take_off":
        await route.untag(step["tag_id"], conversation_id)
        return Sent(f"{conversation_id}|{step['tag_id']}")
    if operation == "update":
        sent = await route.update(row, conversation_id, ticket_before)
        row["converted"] = True
        row["touched"] = row.get("touched", False) or ticket_before is None or bool(sent.before_image)
        return sent
    if operation == "priority":
        return await route.priority(row, conversation_id, ticket_before)
    return await route.settle(row, conversation_id, ticket_before)


class ConversationFinder:
    """Looks up conversations and parts; everything else about them may be sent again."""

    def __init__(self, loader: Conversations) -> None:
        self._loader = loader

    def repeatable(self, write: UnknownWrite) -> bool:
        """Whether it is neither the creation of a conversation nor a part."""
        return write.operation not in ("create", "append")

    def prepare(self, connection: duckdb.DuckDBPyConnection, writes: list[UnknownWrite]) -> None:
        """Read the conversations and parts in question."""
        keys = {write.source_key if write.operation == "create" else str(write.parent_key) for write in writes}
        take_keys(connection, sorted(keys))
        self._rows, self._parts = rows_by_key(connection), parts_by_key(connection)

    async def find(self, env: Environment, write: UnknownWrite) -> list[FoundWrite]:
        """Return the conversation or part, unless it belongs to another write of ours."""
        route = await self._loader.route(env)
        if write.operation == "create":
            row = self._rows.get(write.source_key)
            found = await route.find(row) if row else []
            return [item for item in found if env.journal.holder_of("conversation", item.id) is None]
        part, row = self._parts.get(write.source_key), self._rows.get(str(write.parent_key))
        if part is None or row is None or row["conversation_id"] is None:
            return []
        bound = env.journal.bound_ids("part", str(write.parent_key))
        there = await route.parts(row, row["conversation_id"])
        return [FoundWrite(item.id) for item in there if item.id not in bound and same_part(part, item)]
