CREATE OR REPLACE VIEW target.live_tickets AS
SELECT t.* FROM clean.tickets t
WHERE NOT EXISTS (FROM target.skipped s WHERE s.object = 'tickets' AND s."key" = t.ticket_id);

CREATE OR REPLACE VIEW target.live_messages AS
SELECT m.* FROM clean.messages m
WHERE NOT EXISTS (FROM target.skipped s WHERE s.object = 'messages' AND s."key" = m.message_id)
  AND EXISTS (FROM target.live_tickets t WHERE t.ticket_id = m.ticket_id);

-- A customer whom a loaded ticket or message needs cannot be left out: the alternative would be a placeholder that
-- claims the customer was deleted, which is not true.
CREATE OR REPLACE TABLE target.kept AS
SELECT s.* FROM target.skipped s
WHERE s.object = 'customers'
  AND (s."key" IN (SELECT customer_id FROM target.live_tickets)
       OR s."key" IN (
           SELECT m.author_id FROM target.live_messages m
           LEFT JOIN map.author_types a ON a.source_folded = fold(m.author_type)
           WHERE m.author_id IS NOT NULL AND coalesce(a.author_type, 'customer') = 'customer'));

DELETE FROM target.skipped s USING target.kept k WHERE s.object = k.object AND s."key" = k."key";

CREATE OR REPLACE VIEW target.live_customers AS
SELECT c.* FROM clean.customers c
WHERE NOT EXISTS (FROM target.skipped s WHERE s.object = 'customers' AND s."key" = c.customer_id);

CREATE OR REPLACE VIEW target.live_companies AS
SELECT c.* FROM clean.companies c
WHERE NOT EXISTS (FROM target.skipped s WHERE s.object = 'companies' AND s."key" = c.company_id);
