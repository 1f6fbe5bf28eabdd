-- Tickets that no message belongs to. In: raw.tickets, raw.messages.
SELECT t.ticket_id AS key, t._file AS file, t._line AS line
FROM raw.tickets t
WHERE t.ticket_id IS NOT NULL
    AND NOT EXISTS (FROM raw.messages m WHERE trim(m.ticket_id) = trim(t.ticket_id))
