-- The files of a message that do not go with it: notes by the migration's admin that carry them, right after it.

-- Whose files they are, in words.
CREATE OR REPLACE TABLE target.file_headings AS
SELECT f.ticket_id, f.message_id,
    CASE WHEN f.message_id IS NULL THEN 'Files of the ticket in ' || source_label() ELSE
        'Files from ' || CASE WHEN t.author_type = 'system' THEN 'the ' || source_label() || ' system'
            ELSE coalesce(c.name, a.name, t.author_name, t.author_email, 'an unknown author') END
        || '''s message of ' || strftime(make_timestamp(t.sent_at * 1000000), '%-d %B %Y, %H:%M UTC')
    END AS heading
FROM (SELECT DISTINCT ticket_id, message_id FROM target.attachments) f
LEFT JOIN target.thread t ON t.message_id = f.message_id
LEFT JOIN target.contacts c ON c.source_key = t.contact_key
LEFT JOIN clean.agents a ON t.contact_key IS NULL AND a.agent_id = t.author_key;

-- One row per call that carries files: with its message (`with_it`), or as a note of its own.
CREATE OR REPLACE TABLE target.file_calls AS
SELECT f.ticket_id, f.message_id, f.call,
    list(f.source_key ORDER BY f.position) AS keys,
    string_agg(f.name, ', ' ORDER BY f.position) AS names,
    max(f.call) OVER (PARTITION BY f.ticket_id, f.message_id) AS calls,
    -- Intercom takes files with what an admin writes, and with what a contact writes unless it is in a ticket; not with
    -- the opening of either.
    f.call = 1 AND coalesce(any_value(NOT t.opener AND (t.author_kind = 'admin' OR x.route = 'conversation')), FALSE) AS with_it
FROM target.attachments f
CROSS JOIN map.settings x
LEFT JOIN target.thread t ON t.message_id = f.message_id
GROUP BY f.ticket_id, f.message_id, f.call;

CREATE OR REPLACE TABLE target.file_notes AS
WITH firsts AS (SELECT ticket_id, min(sent_at) AS sent_at FROM target.thread GROUP BY ticket_id)
SELECT
    coalesce(k.message_id || ':files', k.ticket_id || ':ticket-files') || CASE WHEN k.call > 1 THEN '#' || k.call ELSE '' END
        AS source_key,
    k.ticket_id,
    -- The ticket's own files come first, wherever its messages have their times.
    coalesce(t.position, 0) AS position, k.call AS after,
    coalesce(t.sent_at, least(seconds(i.created_at), m.sent_at), seconds(i.created_at)) AS sent_at,
    'note' AS kind, 'admin' AS author_kind, NULL::VARCHAR AS author_key, k.keys AS attachments,
    coalesce(k.message_id, k.ticket_id) AS files_of,
    paragraph(h.heading || CASE WHEN k.calls > 1 THEN ' (' || k.call || ' of ' || k.calls || ')' ELSE '' END
        || ': ' || k.names || '.') AS body
FROM target.file_calls k
JOIN target.file_headings h ON h.ticket_id = k.ticket_id AND h.message_id IS NOT DISTINCT FROM k.message_id
JOIN target.live_tickets i ON i.ticket_id = k.ticket_id
LEFT JOIN target.thread t ON t.message_id = k.message_id
LEFT JOIN firsts m ON m.ticket_id = k.ticket_id
WHERE NOT k.with_it;
