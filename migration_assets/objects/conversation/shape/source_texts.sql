-- The source's own text of what is loaded, by the record and the field that show it: verification reads it too.
CREATE OR REPLACE VIEW target.source_texts AS
SELECT 'part' AS object, h.message_id AS source_key, 'text' AS field, m.body AS text,
    'messages' AS source, 'body' AS "column", m.message_id AS key, m._file AS file, m._line AS line
FROM target.thread h JOIN clean.messages m ON m.message_id = h.message_id
WHERE NOT h.opener AND m.body IS NOT NULL
UNION ALL
SELECT 'conversation', h.ticket_id, 'description', m.body, 'messages', 'body', m.message_id, m._file, m._line
FROM target.thread h JOIN clean.messages m ON m.message_id = h.message_id
WHERE h.opener AND m.body IS NOT NULL
UNION ALL
SELECT 'conversation', t.ticket_id, 'title', t.subject, 'tickets', 'subject', t.ticket_id, t._file, t._line
FROM clean.tickets t SEMI JOIN target.conversations c ON c.source_key = t.ticket_id
WHERE t.subject IS NOT NULL;
