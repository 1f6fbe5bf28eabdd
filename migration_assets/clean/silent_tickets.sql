-- Tickets that no message belongs to. In: clean.tickets, clean.messages, raw.messages; {plain_ticket} and {plain_message}
-- are their ids in the plain form under which the two are compared.
-- A message in quarantine is one too, and so is one whose id joins only in another form, which is another doubt. Where
-- no message at all joins a ticket it is the ids that are wrong, and the messages' faults say so.
WITH spoken AS (
    SELECT ticket_id AS id FROM clean.messages UNION SELECT {plain_message} FROM raw.messages
)
SELECT ticket_id AS key, _file AS file, _line AS line FROM clean.tickets
WHERE ticket_id NOT IN (SELECT id FROM spoken WHERE id IS NOT NULL)
    AND {plain_ticket} NOT IN (SELECT id FROM spoken WHERE id IS NOT NULL)
    AND ((SELECT count(*) FROM raw.messages) = 0 OR EXISTS (
        FROM clean.tickets JOIN spoken ON id IN (ticket_id, {plain_ticket})))
