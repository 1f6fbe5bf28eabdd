-- What becomes of every attachment, by the first rule that fits. The rest, target.attachable, is loaded.
CREATE OR REPLACE TABLE target.left_out AS
WITH judged AS (
    SELECT a.attachment_id, a._row, a.file_name, a.size_bytes, f.path, f.bytes,
        CASE
            WHEN t.rule IS NOT NULL THEN 'ticket_skipped'
            WHEN m.rule IS NOT NULL THEN 'message_skipped'
            WHEN x.attachments = 'name_only' THEN 'name_only'
            WHEN list_contains(regexp_split_to_array(a.file_name, '[/\\]'), '..') THEN 'name_outside'
            WHEN f.path IS NULL AND d.attachment_id IS NOT NULL THEN 'in_doubt'
            WHEN f.path IS NULL THEN 'missing'
            WHEN NOT f.inside THEN 'link_outside'
            WHEN f.bytes = 0 AND coalesce(a.size_bytes, 0) = 0 THEN 'empty'
            WHEN f.bytes <> a.size_bytes OR f.bytes = 0 THEN 'wrong_size'
            WHEN f.bytes > x.attachment_limit THEN 'too_large'
        END AS rule,
        coalesce(t.rule, m.rule) AS skipped_by,
        x.attachment_limit
    FROM clean.attachments a
    CROSS JOIN map.settings x
    LEFT JOIN target.files f ON f.attachment_id = a.attachment_id
    LEFT JOIN in_doubt d ON d.attachment_id = a.attachment_id
    LEFT JOIN target.skipped t ON t.object = 'tickets' AND t."key" = a.ticket_id
    LEFT JOIN target.skipped m ON m.object = 'messages' AND m."key" = a.message_id
)
SELECT attachment_id, rule,
    CASE rule
        WHEN 'ticket_skipped' THEN 'ticket skipped by rule ' || skipped_by
        WHEN 'message_skipped' THEN 'message skipped by rule ' || skipped_by
        WHEN 'name_only' THEN 'named in its message; settings.attachments is name_only'
        WHEN 'name_outside' THEN 'its name points outside the folder'
        WHEN 'in_doubt' THEN 'it is not certain which file of the export it is'
        WHEN 'missing' THEN 'missing from the export'
        WHEN 'link_outside' THEN 'a link to a place outside the export'
        WHEN 'empty' THEN 'empty'
        WHEN 'wrong_size' THEN 'not of the size that ' || source_label() || ' states'
        WHEN 'too_large' THEN 'larger than ' || (attachment_limit // 1000000) || ' MB'
    END AS words,
    skipped_by
FROM judged;

CREATE OR REPLACE TABLE target.attachable AS
SELECT a._row, a.attachment_id, a.ticket_id, m.message_id, a.file_name, a.content_type, f.path, f.bytes
FROM clean.attachments a
JOIN target.left_out l ON l.attachment_id = a.attachment_id AND l.rule IS NULL
JOIN target.files f ON f.attachment_id = a.attachment_id
-- One of no loaded message of its ticket is the ticket's own.
LEFT JOIN target.live_messages m ON m.message_id = a.message_id AND m.ticket_id = a.ticket_id;

-- Of two references that contradict, one is wrong. A message of a ticket that is merged with this one is no contradiction.
INSERT INTO doubt.rows
SELECT 'target/attachments', 'attachments', 'attachment_elsewhere', 'message_id', a.attachment_id, a._file, a._line,
    'ticket ' || a.ticket_id || ', message ' || a.message_id || ' of ticket ' || m.ticket_id, 1
FROM clean.attachments a
JOIN target.live_tickets t ON t.ticket_id = a.ticket_id
JOIN clean.messages m ON m.message_id = a.message_id AND m.ticket_id <> a.ticket_id
LEFT JOIN clean.tickets o ON o.ticket_id = m.ticket_id
WHERE t.merged_into_ticket_id IS DISTINCT FROM m.ticket_id AND o.merged_into_ticket_id IS DISTINCT FROM a.ticket_id;

DELETE FROM target.left_out WHERE rule IS NULL;
DROP TABLE in_doubt;
