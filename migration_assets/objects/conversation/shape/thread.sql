-- One row per live message, in the order of its thread, with who wrote it, whether customers may see it, and whether
-- it opens its ticket. `target.thread` is what parts and conversations are made of; bodies are added later.

-- What a message had with it: the names of the files that are loaded, and a line about those that are not.
CREATE OR REPLACE TABLE target.attached AS
WITH placed AS (
    SELECT a.ticket_id,
        -- An attachment of no loaded message of its ticket is the ticket's own.
        m.message_id, a._row, f.name, l.rule,
        a.file_name || CASE WHEN l.rule <> 'name_only' THEN ' (' || l.words || ')'
            ELSE coalesce(' (' || format_bytes(a.size_bytes) || ')', '') END AS listed
    FROM clean.attachments a
    LEFT JOIN target.live_messages m ON m.message_id = a.message_id AND m.ticket_id = a.ticket_id
    LEFT JOIN target.attachments f ON f.source_key = a.attachment_id
    LEFT JOIN target.left_out l ON l.attachment_id = a.attachment_id
    WHERE l.rule IS NULL OR l.rule NOT IN ('ticket_skipped', 'message_skipped')
)
SELECT ticket_id, message_id,
    string_agg(name, ', ' ORDER BY _row) AS names,
    nullif(concat_ws('; ',
        CASE WHEN message_id IS NULL THEN 'Attachments of the ticket in ' ELSE 'Attachments in ' END || source_label() || ': '
            || string_agg(listed, ', ' ORDER BY _row) FILTER (rule = 'name_only'),
        CASE WHEN message_id IS NULL THEN 'Attachments of the ticket that were not loaded: ' ELSE 'Attachments not loaded: ' END
            || string_agg(listed, ', ' ORDER BY _row) FILTER (rule <> 'name_only')), '') AS line
FROM placed
GROUP BY ticket_id, message_id;

CREATE OR REPLACE TABLE target.thread AS
WITH authored AS (
    SELECT m.message_id, m.ticket_id, m._row, m.created_at, l.cc, m.author_name, m.author_email, m.author_id,
        m.kind AS source_kind, m.author_type, m.author_kind, o.contact_key AS ticket_contact, seconds(t.created_at) AS ticket_at,
        CASE
            -- A customer known by no more than a name, or by an address that is not theirs alone, is the ticket's own
            -- customer if that is the name, or if there is not even a name: a ticket has one customer.
            WHEN m.author_kind = 'contact' AND m.author_id IS NULL AND (m.author_email IS NULL OR m.apart)
                AND (m.author_name IS NULL AND m.stand_in IS NOT NULL OR m.author_key IS NULL
                    OR fold(m.author_name) = fold(c.name)) THEN o.contact_key
            ELSE m.author_key
        END AS author_key
    FROM target.authored m
    JOIN target.live_messages l ON l.message_id = m.message_id
    JOIN target.live_tickets t ON t.ticket_id = m.ticket_id
    JOIN target.ticket_contacts o ON o.ticket_id = m.ticket_id
    LEFT JOIN clean.customers c ON c.customer_id = t.customer_id
),
marked AS (
    SELECT b.message_id FROM target.bodies b
    WHERE EXISTS (FROM map.private_marks p WHERE starts_with(b.lead, p.mark))
),
seen AS (
    -- Visible to the customer only where that is certain: a reply, by a person who is known to be one or the other,
    -- not marked as internal. Everything else is a note.
    SELECT u.*, i.by_id, i.by_file, p.message_id IS NOT NULL AS marked,
        coalesce(u.source_kind = 'reply' AND u.author_type IN ('customer', 'agent'), FALSE)
            AND p.message_id IS NULL AS visible,
        seconds(u.created_at) AS written_at
    FROM authored u
    JOIN in_order i ON i.message_id = u.message_id
    LEFT JOIN marked p ON p.message_id = u.message_id
),
asked AS (
    -- Whether it is what the ticket was opened with, as time, file and, where they are numbers, ids say alike.
    SELECT *, coalesce(visible AND author_kind = 'contact' AND author_key = ticket_contact AND written_at = ticket_at
            AND by_file = min(by_file) OVER of_ticket
            AND coalesce(TRY_CAST(message_id AS HUGEINT) = min(TRY_CAST(message_id AS HUGEINT)) OVER of_ticket, TRUE), FALSE)
            AS asks
    FROM seen
    WINDOW of_ticket AS (PARTITION BY ticket_id)
),
opened AS (
    -- Nothing stands before the opening. Where the ticket's own question is certain, what bears an earlier time was not
    -- written before it; else the ticket was opened with its earliest message.
    SELECT *, CASE WHEN bool_or(asks) OVER of_ticket THEN ticket_at
        ELSE least(ticket_at, min(written_at) OVER of_ticket) END AS opened_at
    FROM asked
    WINDOW of_ticket AS (PARTITION BY ticket_id)
),
placed AS (
    SELECT *, greatest(written_at, opened_at) AS sent_at,
        row_number() OVER (PARTITION BY ticket_id
            ORDER BY greatest(written_at, opened_at), asks DESC, created_at, by_id, by_file) AS position
    FROM opened
)
SELECT s.message_id, s.ticket_id, s._row, s.position, s.sent_at, s.written_at, s.opened_at, s.ticket_at,
    s.source_kind, s.author_type, s.marked,
    CASE WHEN s.visible THEN 'comment' ELSE 'note' END AS kind,
    -- Only admins can write notes in Intercom; who really wrote it then stands in words.
    CASE WHEN s.visible THEN s.author_kind ELSE 'admin' END AS author_kind,
    CASE WHEN s.visible OR s.author_kind = 'admin' THEN s.author_key END AS author_key,
    CASE s.author_kind WHEN 'contact' THEN s.author_key END AS contact_key,
    s.author_name, s.author_email, s.author_id, s.cc, d.message_id IS NOT NULL AS had_files, d.names, d.line,
    s.visible AND s.position = 1 AND s.author_kind = 'contact' AND s.author_key = s.ticket_contact
        -- The description bears the time of the opening: a message of a later second keeps its own as a part.
        AND s.written_at = s.opened_at AS opener
FROM placed s
LEFT JOIN target.attached d ON d.message_id = s.message_id;
