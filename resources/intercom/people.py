"""Contacts, companies, and which contact belongs to which company."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from resources.intercom import endpoints
from resources.intercom.errors import IntercomError, nothing_there
from resources.intercom.http import Connection
from resources.intercom.list_end import ListEnd
from resources.intercom.outcomes import CallOutcome
from resources.intercom.paging import Page, items_of, list_pages, numbered_pages, search_pages, total_of
from schemas.intercom import Company, Contact


class PeopleCalls(Connection):
    """Calls about contacts and companies. All raise `IntercomError`."""

    scroll_expiry = 61.0
    """Seconds after which Intercom has forgotten a reading of all companies that was not finished."""

    async def create_contact(self, body: Mapping[str, Any]) -> Contact:
        """Create a contact.

        Raises:
            ContactConflict: one with the same external id or e-mail exists, perhaps archived.
        """
        return await self.call_for(Contact, endpoints.CREATE_CONTACT, body=body)

    async def update_contact(self, contact_id: str, body: Mapping[str, Any]) -> Contact:
        """Change a contact; what `body` does not name stays.

        Raises:
            ContactConflict: the new external id or e-mail belongs to another contact.
            ContactMerged: the contact is no more; `into_id` names the one that is left.
        """
        ids = {"contact_id": contact_id}
        return await self.call_for(Contact, endpoints.UPDATE_CONTACT, ids=ids, body=body)

    async def get_contact(self, contact_id: str) -> Contact:
        """Read a contact by Intercom's id.

        Raises:
            ContactMerged: the contact is no more; `into_id` names the one that is left.
        """
        return await self.call_for(Contact, endpoints.CONTACT, ids={"contact_id": contact_id})

    async def find_contact(self, external_id: str) -> Contact | None:
        """Read a contact by our id; not through the search, which lags by minutes."""
        try:
            return await self.call_for(Contact, endpoints.FIND_CONTACT, ids={"external_id": external_id})
        except IntercomError as error:
            if error.status != 404:
                raise
        return None

    def search_contacts(self, query: Mapping[str, Any], per_page: int = 150) -> AsyncIterator[Page[Contact]]:
        """Search contacts, page by page; a contact just made may be missing for minutes."""
        return search_pages(self, Contact, endpoints.SEARCH_CONTACTS, "data", query, per_page)

    def iter_contacts(self, per_page: int = 150) -> AsyncIterator[Page[Contact]]:
        """Read all contacts, page by page."""
        return list_pages(self, Contact, endpoints.CONTACTS, "data", per_page)

    async def unarchive_contact(self, contact_id: str) -> None:
        """Bring an archived contact back."""
        await self.call(endpoints.UNARCHIVE_CONTACT, ids={"contact_id": contact_id})

    async def archive_contact(self, contact_id: str) -> None:
        """Hide a contact; its external id and e-mail stay taken."""
        await self.call(endpoints.ARCHIVE_CONTACT, ids={"contact_id": contact_id})

    async def delete_contact(self, contact_id: str) -> None:
        """Delete a contact for good, and with it the conversations that are theirs."""
        await self.call(endpoints.DELETE_CONTACT, ids={"contact_id": contact_id})

    async def upsert_company(self, body: Mapping[str, Any]) -> Company:
        """Create or change the company with `body`'s company_id: safe to send again."""
        return await self.call_for(Company, endpoints.UPSERT_COMPANY, body=body)

    async def find_company(self, company_id: str) -> Company | None:
        """Read a company by our id; also finds one that has no contacts, which lists do not show."""
        endpoint = endpoints.FIND_COMPANY
        try:
            answer = await self.call(endpoint, params={"company_id": company_id})
        except IntercomError as error:
            if error.status != 404:
                raise
            return None
        # The description says both: one company, and a list of them.
        found = items_of(Company, endpoint, answer if "data" in answer else {"data": [answer]}, "data")
        return next((company for company in found if company.company_id == company_id), None)

    async def get_company(self, company_id: str) -> Company:
        """Read a company by Intercom's id."""
        return await self.call_for(Company, endpoints.COMPANY, ids={"company_id": company_id})

    def iter_company_contacts(self, company_id: str) -> AsyncIterator[Page[Contact]]:
        """Read the contacts of a company (Intercom's id), page by page."""
        return numbered_pages(self, Contact, endpoints.COMPANY_CONTACTS, {"company_id": company_id})

    async def companies_tagged(self, tag_id: str) -> list[Company]:
        """Read companies that wear a tag, those of the first page: none, where it is worn by none."""
        answer = await self.call(endpoints.FIND_COMPANY, params={"tag_id": tag_id})
        return items_of(Company, endpoints.FIND_COMPANY, answer, "data") if answer.get("data") else []

    async def delete_company(self, company_id: str) -> None:
        """Have a company (Intercom's id) archived and its contacts detached; Intercom does it a while later."""
        await self.call(endpoints.DELETE_COMPANY, ids={"company_id": company_id})

    async def iter_companies(self, restarts: int = 3) -> AsyncIterator[Page[Company]]:
        """Read all companies that have contacts, page by page; each company comes once.

        Intercom allows one such reading at a time, and it goes on from where the last answer ended, so a lost answer
        would be a lost page: the reading then begins anew once the old one has expired. `POST /companies/list`
        could be repeated, but ends at 10,000.

        Args:
            restarts: how often it may begin anew before the failure is raised.
        """
        seen: set[str] = set()
        for left in range(restarts, -1, -1):
            try:
                async for page in self._scroll_companies():
                    fresh = [company for company in page if company.id not in seen]
                    seen.update(company.id for company in fresh)
                    yield Page(fresh, next=page.next)
                return
            except IntercomError as error:
                if left == 0 or error.stop or not _scroll_may_begin_anew(error):
                    raise
            await asyncio.sleep(self.scroll_expiry)

    async def _scroll_companies(self) -> AsyncIterator[Page[Company]]:
        params: dict[str, str | int] = {}
        end = ListEnd(endpoints.SCROLL_COMPANIES, cursors_stay=True)
        while True:
            answer = await self.call(endpoints.SCROLL_COMPANIES, params=params)
            items = items_of(Company, endpoints.SCROLL_COMPANIES, answer, "data")
            following = answer.get("scroll_param")
            end.seen((company.id for company in items), following if items else None, total_of(answer))
            if items:
                yield Page(items, next=following)
            if not items or not following:
                return
            params = {"scroll_param": following}

    async def attach_company(self, contact_id: str, company_id: str) -> Company:
        """Attach a company (Intercom's id) to a contact: safe to send again."""
        ids = {"contact_id": contact_id}
        return await self.call_for(Company, endpoints.ATTACH_COMPANY, ids=ids, body={"id": company_id})

    async def detach_company(self, contact_id: str, company_id: str) -> None:
        """Take a company (Intercom's id) off a contact; one that is not attached is no error."""
        ids = {"contact_id": contact_id, "company_id": company_id}
        with nothing_there():
            await self.call(endpoints.DETACH_COMPANY, ids=ids)

    async def companies_of(self, contact_id: str) -> list[Company]:
        """Read all companies of a contact, which itself shows ten of them at the most."""
        endpoint = endpoints.COMPANIES_OF_CONTACT
        found: dict[str, Company] = {}
        params: dict[str, str | int] = {}
        end = ListEnd(endpoint)
        while True:
            answer = await self.call(endpoint, ids={"contact_id": contact_id}, params=params)
            # The description says both: `companies`, and in its example `data`.
            key = "companies" if "companies" in answer else "data"
            fresh = {company.id: company for company in items_of(Company, endpoint, answer, key)}
            before = len(found)
            found |= fresh
            # The next page is named by its address. One that brings nothing new is the last, whatever is said.
            following = (answer.get("pages") or {}).get("next")
            if len(found) == before or not isinstance(following, str):
                return list(found.values())
            end.seen(fresh, following, total_of(answer))
            params = dict(parse_qsl(urlsplit(following).query))


def _scroll_may_begin_anew(error: IntercomError) -> bool:
    # 404 and scroll_exists: the reading that a lost answer belonged to has expired, or has not yet.
    return error.outcome is CallOutcome.NOT_EXECUTED or error.status == 404 or error.code == "scroll_exists"
