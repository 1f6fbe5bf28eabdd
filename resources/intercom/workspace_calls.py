"""The workspace itself: who the token is, teammates, teams, ticket types and states, attributes, tags."""

from collections.abc import Mapping
from typing import Any, Literal

from resources.intercom import endpoints
from resources.intercom.http import Connection
from resources.intercom.paging import items_of
from schemas.intercom import (
    Admin,
    DataAttribute,
    Me,
    Tag,
    Team,
    TicketState,
    TicketType,
    TicketTypeAttribute,
)


class WorkspaceCalls(Connection):
    """Calls about the workspace. All raise `IntercomError`."""

    async def me(self) -> Me:
        """Read whom the token speaks for and which workspace it opens."""
        return await self.call_for(Me, endpoints.ME)

    async def list_admins(self) -> list[Admin]:
        """Read all teammates."""
        answer = await self.call(endpoints.ADMINS)
        return items_of(Admin, endpoints.ADMINS, answer, "admins")

    async def list_teams(self) -> list[Team]:
        """Read all teams."""
        answer = await self.call(endpoints.TEAMS)
        return items_of(Team, endpoints.TEAMS, answer, "teams")

    async def list_ticket_states(self) -> list[TicketState]:
        """Read all ticket states; they can only be made in Intercom's own pages."""
        answer = await self.call(endpoints.TICKET_STATES)
        return items_of(TicketState, endpoints.TICKET_STATES, answer, "data")

    async def list_ticket_types(self) -> list[TicketType]:
        """Read all ticket types with their attributes and the attributes' options."""
        answer = await self.call(endpoints.TICKET_TYPES)
        return items_of(TicketType, endpoints.TICKET_TYPES, answer, "data")

    async def create_ticket_type(self, body: Mapping[str, Any]) -> TicketType:
        """Create a ticket type; Intercom gives it a title and a description attribute."""
        return await self.call_for(TicketType, endpoints.CREATE_TICKET_TYPE, body=body)

    async def create_ticket_type_attribute(self, ticket_type_id: str, body: Mapping[str, Any]) -> TicketTypeAttribute:
        """Create an attribute of a ticket type."""
        ids = {"ticket_type_id": ticket_type_id}
        return await self.call_for(TicketTypeAttribute, endpoints.CREATE_TICKET_TYPE_ATTRIBUTE, ids=ids, body=body)

    async def update_ticket_type(self, ticket_type_id: str, body: Mapping[str, Any]) -> TicketType:
        """Change a ticket type, archive it or bring it back: safe to send again."""
        ids = {"ticket_type_id": ticket_type_id}
        return await self.call_for(TicketType, endpoints.UPDATE_TICKET_TYPE, ids=ids, body=body)

    async def update_ticket_type_attribute(
        self, ticket_type_id: str, attribute_id: str, body: Mapping[str, Any]
    ) -> TicketTypeAttribute:
        """Change an attribute of a ticket type, archive it or bring it back: safe to send again."""
        ids = {"ticket_type_id": ticket_type_id, "attribute_id": attribute_id}
        return await self.call_for(TicketTypeAttribute, endpoints.UPDATE_TICKET_TYPE_ATTRIBUTE, ids=ids, body=body)

    async def list_data_attributes(
        self, model: Literal["contact", "company"], *, archived: bool = False
    ) -> list[DataAttribute]:
        """Read the attributes of contacts or of companies, built-in ones included, archived ones if asked."""
        params: dict[str, str | int] = {"model": model, "include_archived": "true"} if archived else {"model": model}
        answer = await self.call(endpoints.DATA_ATTRIBUTES, params=params)
        return items_of(DataAttribute, endpoints.DATA_ATTRIBUTES, answer, "data")

    async def create_data_attribute(self, body: Mapping[str, Any]) -> DataAttribute:
        """Create a contact or company attribute."""
        return await self.call_for(DataAttribute, endpoints.CREATE_DATA_ATTRIBUTE, body=body)

    async def update_data_attribute(self, attribute_id: str, body: Mapping[str, Any]) -> DataAttribute:
        """Change a contact or company attribute, archive it or bring it back: safe to send again."""
        ids = {"data_attribute_id": attribute_id}
        return await self.call_for(DataAttribute, endpoints.UPDATE_DATA_ATTRIBUTE, ids=ids, body=body)

    async def list_tags(self) -> list[Tag]:
        """Read all tags."""
        answer = await self.call(endpoints.TAGS)
        return items_of(Tag, endpoints.TAGS, answer, "data")

    async def create_tag(self, name: str) -> Tag:
        """Create a tag, or get the one of that name (upper and lower case are the same): safe to send again."""
        return await self.call_for(Tag, endpoints.CREATE_TAG, body={"name": name})

    async def delete_tag(self, tag_id: str) -> None:
        """Delete a tag and take it off everything; Intercom refuses where something else depends on it."""
        await self.call(endpoints.DELETE_TAG, ids={"tag_id": tag_id})
