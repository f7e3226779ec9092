"""The organisation's audit log, as a stream that is polled with a cursor.

Source: https://developer.atlassian.com/cloud/admin/organization/poll-events-migration . Events of Bitbucket come only
where the workspace is linked to the organisation and the plan includes them.
"""

from datetime import datetime

from bitbucket.admin.speaker import Speaker, cursor_of_link, is_bare_cursor
from bitbucket.fields import Fields
from bitbucket.pages import successful
from bitbucket.protocol import Answer, Request, json_from_answer, path, query
from bitbucket.resources import EventPage, OrganisationEvent

EVENTS_AT_ONCE = 500


class EventCalls(Speaker):
    """Reads what happened in the organisation."""

    def events(
        self,
        org_id: str,
        *,
        cursor: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = EVENTS_AT_ONCE,
    ) -> EventPage:
        """One page of the stream, the oldest event first: exactly one request.

        Keep the last cursor: where the stream has come to its end, the same one asks for what happened since.

        Args:
            org_id: the organisation.
            cursor: where to go on; it carries the times of its first request.
            since: not before this moment.
            until: not after this moment.
            limit: how many events at most.
        """
        where = path("admin", "v1", "orgs", org_id, "events-stream")
        times = {"from": _epoch_milliseconds(since), "to": _epoch_milliseconds(until)}
        request = Request("admin.events", "GET", where, query(cursor=cursor, limit=limit, **times), self._key)
        answer = successful(self._transport, request)
        page = Fields(answer, json_from_answer(answer))
        events = tuple(OrganisationEvent.parsed(item) for item in page.objects("data"))
        return EventPage(events, self._cursor_after(answer, page))

    def _cursor_after(self, answer: Answer, page: Fields) -> str:
        links, meta = page.inner_or_none("links"), page.inner_or_none("meta")
        told = meta.text_or("next") if meta else ""
        link = links.anything("next") if links else None
        linked = str(link) if is_bare_cursor(link) else cursor_of_link(self._transport.base_url, answer, link)
        return told or linked


def _epoch_milliseconds(moment: datetime | None) -> str:
    return "" if moment is None else str(int(moment.timestamp() * 1000))
