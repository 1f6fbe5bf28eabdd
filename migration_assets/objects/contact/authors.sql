-- Who wrote what: every distinct author of the live messages, found among agents and contacts, or given a
-- placeholder. `target.authors` has one row per distinct (author_type, author_id, author_email, author_name);
-- author_name is set only where it is all there is.

CREATE OR REPLACE TABLE target.authors AS
WITH tuples AS (
    SELECT DISTINCT a.author_type, m.author_id, m.author_email,
        CASE WHEN m.author_id IS NULL AND m.author_email IS NULL THEN fold(m.author_name) END AS author_name
    FROM target.live_messages m
    LEFT JOIN map.author_types a ON a.source_folded = fold(m.author_type)
),
agent_emails AS (SELECT email, min(agent_id) AS agent_id FROM clean.agents WHERE email IS NOT NULL GROUP BY email),
contact_emails AS (SELECT email, contact_key FROM target.contact_keys WHERE email IS NOT NULL),
looked_up AS (
    SELECT t.*, ai.agent_id AS agent_by_id, ae.agent_id AS agent_by_email,
        ci.contact_key AS contact_by_id, ce.contact_key AS contact_by_email
    FROM tuples t
    LEFT JOIN clean.agents ai ON ai.agent_id = t.author_id
    LEFT JOIN agent_emails ae ON ae.email = t.author_email
    LEFT JOIN target.contact_sources ci ON ci.customer_id = t.author_id
    LEFT JOIN contact_emails ce ON ce.email = t.author_email
),
-- An e-mail under which a deleted customer wrote belongs to that customer's placeholder.
deleted_emails AS (
    SELECT author_email AS email, min(author_id) AS customer_id
    FROM looked_up
    WHERE author_type = 'customer' AND author_id IS NOT NULL AND author_email IS NOT NULL
      AND contact_by_id IS NULL AND contact_by_email IS NULL
    GROUP BY author_email
)
SELECT l.author_type, l.author_id, l.author_email, l.author_name,
    CASE
        WHEN l.author_type = 'customer' THEN 'contact'
        WHEN l.author_type IN ('agent', 'system') THEN 'admin'
        -- Nobody said what the author is. An id that is only an agent's or only a customer's tells, then the e-mail.
        WHEN l.agent_by_id IS NOT NULL AND l.contact_by_id IS NULL THEN 'admin'
        WHEN l.contact_by_id IS NOT NULL AND l.agent_by_id IS NULL THEN 'contact'
        WHEN l.agent_by_email IS NOT NULL THEN 'admin'
        WHEN l.contact_by_email IS NOT NULL THEN 'contact'
        ELSE 'admin'
    END AS author_kind,
    CASE
        WHEN l.author_type = 'customer' THEN coalesce(
            l.contact_by_id, l.contact_by_email,
            stand_in_key('deleted', l.author_id), stand_in_key('deleted', d.customer_id),
            -- A key stands in the journal, in reports and in addresses of calls, so it must not be an e-mail address.
            stand_in_key('unknown', left(sha256(l.author_email), 16)),
            stand_in_key('unknown', left(sha256(l.author_name), 16)))
        -- An agent who is not in the extract may still be an Intercom admin: by id if there is one, else by e-mail.
        WHEN l.author_type = 'agent' THEN coalesce(
            l.agent_by_id, l.agent_by_email, l.author_id, stand_in_key('email', l.author_email))
        WHEN l.author_type = 'system' THEN NULL
        WHEN l.agent_by_id IS NOT NULL AND l.contact_by_id IS NULL THEN l.agent_by_id
        WHEN l.contact_by_id IS NOT NULL AND l.agent_by_id IS NULL THEN l.contact_by_id
        ELSE coalesce(l.agent_by_email, l.contact_by_email)
    END AS author_key,
    -- The customer is not in the extract: which one it was is known, or not even that.
    CASE WHEN l.author_type = 'customer' AND coalesce(l.contact_by_id, l.contact_by_email) IS NULL
        THEN if(coalesce(l.author_id, d.customer_id) IS NULL, 'unknown', 'deleted') END AS stand_in
FROM looked_up l
LEFT JOIN deleted_emails d ON d.email = l.author_email;

-- Everybody who is needed but is not a customer in the extract.
CREATE OR REPLACE TABLE target.placeholders AS
WITH needed AS (
    SELECT stand_in_key('deleted', t.customer_id) AS source_key, t.customer_id, NULL AS email, NULL AS shown
    FROM target.live_tickets t
    WHERE t.customer_id NOT IN (SELECT customer_id FROM target.contact_sources)
    UNION ALL
    SELECT author_key, author_id, author_email, NULL FROM target.authors
    WHERE stand_in = 'deleted' AND author_id IS NOT NULL
    UNION ALL
    SELECT author_key, NULL, author_email, NULL FROM target.authors
    WHERE stand_in = 'unknown' AND author_email IS NOT NULL
    UNION ALL
    -- Known by name only: nobody new if it is the name of the ticket's own customer.
    SELECT a.author_key, NULL, NULL, m.author_name
    FROM target.live_messages m
    JOIN map.author_types y ON y.source_folded = fold(m.author_type) AND y.author_type = 'customer'
    JOIN target.authors a ON a.author_type = 'customer' AND a.author_id IS NULL AND a.author_email IS NULL
        AND a.author_name = fold(m.author_name)
    JOIN target.live_tickets t ON t.ticket_id = m.ticket_id
    LEFT JOIN clean.customers c ON c.customer_id = t.customer_id
    WHERE m.author_id IS NULL AND m.author_email IS NULL
      AND coalesce(fold(c.name), '') <> fold(m.author_name)
),
one_each AS (
    SELECT source_key, max(customer_id) AS customer_id, min(email) AS email, min(shown) AS shown
    FROM needed GROUP BY source_key
),
names AS (
    SELECT stand_in_key('unknown', left(sha256(author_email), 16)) AS source_key, min(author_name) AS shown
    FROM target.live_messages WHERE author_email IS NOT NULL AND author_id IS NULL GROUP BY author_email
),
-- Customers whose rows are in quarantine are no deleted customers: who needs them waits until the rows are corrected.
-- A row that could not even be landed has no key, so it is looked for in its text.
withheld AS (
    SELECT key AS customer_id FROM quarantine.faults
    WHERE object = 'customers' AND severity = 'row' AND key IS NOT NULL
    UNION
    SELECT unnest(regexp_split_to_array(raw, '[^0-9A-Za-z_-]+')) FROM quarantine.faults
    WHERE object = 'customers' AND severity = 'row' AND raw IS NOT NULL
),
-- Intercom refuses a second contact with the same e-mail.
ranked AS (SELECT *, row_number() OVER (PARTITION BY email ORDER BY source_key) AS claim FROM one_each)
SELECT r.source_key, r.customer_id,
    CASE WHEN r.claim = 1 AND r.email NOT IN (
        SELECT email FROM target.contact_keys WHERE email IS NOT NULL) THEN r.email END AS email,
    CASE
        WHEN r.customer_id IS NOT NULL THEN 'Deleted customer (' || source_label() || ' ' || r.customer_id || ')'
        WHEN coalesce(r.shown, n.shown) IS NOT NULL
            THEN coalesce(r.shown, n.shown) || ' (unknown customer in ' || source_label() || ')'
        ELSE 'Unknown customer (' || source_label() || ')'
    END AS name,
    coalesce(r.customer_id IN (SELECT customer_id FROM withheld), FALSE) AS withheld
FROM ranked r
LEFT JOIN names n ON n.source_key = r.source_key;

INSERT INTO target.contact_sources
SELECT customer_id, source_key, 'placeholder' FROM target.placeholders WHERE customer_id IS NOT NULL;
