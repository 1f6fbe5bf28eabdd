-- Who wrote what: every distinct author of the live messages, found among agents and contacts, or given a
-- placeholder. `target.authors` has one row per distinct (author_type, author_id, author_email, author_name), with what
-- the author is `meant` to be where nobody says it; author_name is set only where nothing else tells.

CREATE OR REPLACE TEMP MACRO same_name(said, known) AS
    coalesce(len(known) > 0 AND (list_has_all(said, known) OR list_has_all(known, said)), FALSE);

-- Addresses from which people wrote whose names differ beyond spelling from each other or from the customer's: as with
-- customers, they are one person only where somebody has said so.
CREATE OR REPLACE TABLE target.disputed_emails AS
SELECT DISTINCT u.value AS email, d.choice IS NOT NULL AS decided
FROM (SELECT kind, value FROM target.unlike_names UNION SELECT kind, value FROM target.unlike_titles) u
LEFT JOIN map.same_people d ON d.kind = 'email' AND d.value = u.value
CROSS JOIN map.people p
WHERE u.kind = 'author' AND coalesce(d.choice, p.same_email) <> 'merge'
UNION
-- What somebody has said of an address that is not in several customers' rows is said of those who wrote from it.
SELECT d.value, TRUE FROM map.same_people d
WHERE d.kind = 'email' AND d.choice <> 'merge' AND d.value NOT IN (SELECT value FROM target.shared WHERE kind = 'email');

-- Addresses that do not say who wrote: of a role, or of several people who stay apart. There the name does.
CREATE OR REPLACE TABLE target.apart_emails AS
SELECT email FROM target.role_emails
UNION
SELECT email FROM target.disputed_emails
UNION
SELECT email FROM target.customer_members WHERE email IS NOT NULL
GROUP BY email HAVING count(DISTINCT group_key) > 1;

CREATE OR REPLACE TABLE target.authors AS
WITH tuples AS (
    SELECT DISTINCT a.author_type, m.author_id, m.author_email,
        CASE WHEN s.email IS NOT NULL OR a.author_type IS NULL OR m.author_id IS NULL AND m.author_email IS NULL
            THEN fold(m.author_name) END AS author_name,
        s.email IS NOT NULL AS apart
    FROM target.live_messages m
    LEFT JOIN map.author_types a ON a.source_folded = fold(m.author_type)
    LEFT JOIN target.apart_emails s ON s.email = m.author_email
),
-- Of the people at such an address the one of that name, or, if nobody has just that, of one like it.
namesakes AS (
    SELECT t.author_email, t.author_name, k.contact_key, n.words = name_words(t.author_name) AS same
    FROM (SELECT DISTINCT author_email, author_name FROM tuples WHERE apart AND author_name IS NOT NULL) t
    JOIN target.customer_members m ON m.email = t.author_email
    JOIN target.name_words n ON n.customer_id = m.customer_id
    JOIN target.contact_keys k ON k.group_key = m.group_key
    LEFT JOIN target.shared_names s ON s.kind = 'author' AND s.value = t.author_email
        AND name_words(t.author_name) IN (s.fewer, s.more) AND n.words IN (s.fewer, s.more)
    LEFT JOIN target.unlike_names u ON u.kind = s.kind AND u.value = s.value AND u.fewer = s.fewer AND u.more = s.more
    WHERE len(n.words) > 0 AND NOT titles_differ(n.titles, name_titles(t.author_name)) AND (same OR s.value IS NOT NULL AND u.value IS NULL)
),
named AS (
    SELECT author_email, author_name, min(contact_key) AS contact_key FROM (
        FROM namesakes QUALIFY same = bool_or(same) OVER (PARTITION BY author_email, author_name))
    GROUP BY ALL HAVING count(DISTINCT contact_key) = 1
),
agent_emails AS (SELECT email, min(agent_id) AS agent_id FROM clean.agents WHERE email IS NOT NULL GROUP BY email),
contact_emails AS (SELECT email, contact_key FROM target.contact_keys WHERE email IS NOT NULL),
agent_names AS (
    SELECT name_words(name) AS words, min(agent_id) AS agent_id FROM clean.agents GROUP BY words HAVING count(*) = 1
),
customer_names AS (SELECT DISTINCT words FROM target.name_words WHERE len(words) > 0),
looked_up AS (
    SELECT t.*, name_words(t.author_name) AS said, ai.agent_id AS agent_by_id, ae.agent_id AS agent_by_email, an.agent_id AS agent_by_name,
        cn.words IS NOT NULL AS customers_name, name_words(ai.name) AS agent_words, cw.words AS customer_words,
        ci.contact_key AS contact_by_id,
        coalesce(n.contact_key, CASE WHEN NOT t.apart OR t.author_name IS NULL AND t.author_id IS NULL
            THEN ce.contact_key END) AS contact_by_email
    FROM tuples t
    LEFT JOIN clean.agents ai ON ai.agent_id = t.author_id
    LEFT JOIN agent_emails ae ON ae.email = t.author_email
    LEFT JOIN target.contact_sources ci ON ci.customer_id = t.author_id
    LEFT JOIN target.name_words cw ON cw.customer_id = t.author_id
    LEFT JOIN agent_names an ON t.author_id IS NULL AND t.author_email IS NULL AND an.words = name_words(t.author_name)
    LEFT JOIN customer_names cn ON t.author_id IS NULL AND t.author_email IS NULL AND cn.words = name_words(t.author_name)
    LEFT JOIN contact_emails ce ON ce.email = t.author_email
    LEFT JOIN named n ON n.author_email = t.author_email AND n.author_name = t.author_name
),
-- Where nobody says what the author is, who they are tells: by the id, unless it is an agent's and a customer's or the
-- name is another one; then by the address; then by the name. Whoever gives a name and an address, and is known
-- nowhere, is a customer, unless it is an address of the agents' domain.
typed AS (
    SELECT *, CASE
        WHEN author_type IS NOT NULL THEN author_type
        WHEN agent_by_id IS NOT NULL AND contact_by_id IS NOT NULL THEN CASE
            WHEN coalesce(agent_by_email = agent_by_id, FALSE) <> coalesce(contact_by_email = contact_by_id, FALSE)
                THEN if(coalesce(agent_by_email = agent_by_id, FALSE), 'agent', 'customer')
            WHEN len(said) > 0 AND same_name(said, agent_words) <> same_name(said, customer_words)
                THEN if(same_name(said, agent_words), 'agent', 'customer') END
        WHEN agent_by_id IS NOT NULL THEN if(len(said) = 0 OR list_has_any(said, agent_words), 'agent', NULL)
        WHEN contact_by_id IS NOT NULL THEN if(
            list_has_any(said, customer_words) OR len(said) = 0 AND EXISTS (FROM clean.agents), 'customer', NULL)
        WHEN agent_by_email IS NOT NULL THEN 'agent'
        WHEN contact_by_email IS NOT NULL THEN 'customer'
        WHEN author_email IS NOT NULL AND len(said) > 0 THEN if(
            split_part(author_email, '@', 2) IN (SELECT split_part(email, '@', 2) FROM clean.agents WHERE email IS NOT NULL)
                OR author_email IN (FROM target.role_emails), NULL, 'customer')
        WHEN (agent_by_name IS NOT NULL) <> customers_name THEN if(customers_name, 'customer', 'agent')
        END AS meant
    FROM looked_up
),
-- An e-mail under which a customer wrote whom only an id names is that customer's.
numbered_emails AS (
    SELECT author_email AS email, min(author_id) AS customer_id
    FROM typed
    WHERE meant = 'customer' AND author_id IS NOT NULL AND author_email IS NOT NULL
      AND contact_by_id IS NULL AND contact_by_email IS NULL AND NOT apart
    GROUP BY author_email
)
SELECT l.author_type, l.meant, l.author_id, l.author_email, l.author_name,
    CASE
        WHEN l.meant = 'customer' THEN 'contact'
        WHEN l.meant IN ('agent', 'system') THEN 'admin'
        -- Nobody said what the author is. An id that is only an agent's or only a customer's tells, then the e-mail.
        WHEN l.agent_by_id IS NOT NULL AND l.contact_by_id IS NULL THEN 'admin'
        WHEN l.contact_by_id IS NOT NULL AND l.agent_by_id IS NULL THEN 'contact'
        WHEN l.agent_by_email IS NOT NULL THEN 'admin'
        WHEN l.contact_by_email IS NOT NULL THEN 'contact'
        ELSE 'admin'
    END AS author_kind,
    CASE
        WHEN l.meant = 'customer' THEN coalesce(
            l.contact_by_id, l.contact_by_email,
            stand_in_key('deleted', l.author_id), stand_in_key('deleted', d.customer_id),
            -- A key stands in the journal, in reports and in addresses of calls, so it must not be an e-mail address.
            stand_in_key('unknown', left(sha256(l.author_email || if(l.apart, coalesce(' ' || l.author_name, ''), '')), 16)),
            stand_in_key('unknown', left(sha256(l.author_name), 16)))
        -- An agent who is not in the extract may still be an Intercom admin: by id if there is one, else by e-mail.
        WHEN l.meant = 'agent' THEN coalesce(
            l.agent_by_id, l.agent_by_email, l.agent_by_name, l.author_id, stand_in_key('email', l.author_email))
        WHEN l.meant = 'system' THEN NULL
        WHEN l.agent_by_id IS NOT NULL AND l.contact_by_id IS NULL THEN l.agent_by_id
        WHEN l.contact_by_id IS NOT NULL AND l.agent_by_id IS NULL THEN l.contact_by_id
        ELSE coalesce(l.agent_by_email, l.contact_by_email)
    END AS author_key,
    -- The customer is not in the extract: known by an id, by an address, by a name alone.
    CASE WHEN l.meant = 'customer' AND coalesce(l.contact_by_id, l.contact_by_email) IS NULL
        THEN CASE
            WHEN coalesce(l.author_id, d.customer_id) IS NOT NULL THEN 'id'
            WHEN l.author_email IS NOT NULL THEN 'email'
            ELSE 'name' END
        END AS stand_in,
    l.apart
FROM typed l
LEFT JOIN numbered_emails d ON d.email = l.author_email;

-- Customers whose rows are in quarantine are not unknown: who needs them waits until the rows are corrected.
-- A row that could not even be landed has no key, so it is looked for in its text.
CREATE OR REPLACE TABLE target.withheld_customers AS
SELECT key AS customer_id FROM quarantine.faults
WHERE object = 'customers' AND severity = 'row' AND key IS NOT NULL
UNION
SELECT unnest(regexp_split_to_array(raw, '[^0-9A-Za-z_-]+')) FROM quarantine.faults
WHERE object = 'customers' AND severity = 'row' AND raw IS NOT NULL;

-- Every live message by whom: its author, as `target.authors` found them.
CREATE OR REPLACE TABLE target.authored AS
SELECT m.message_id, m.ticket_id, m._row, m.created_at, k.kind, m.author_name, m.author_email, m.author_id,
    a.meant AS author_type, a.author_kind, a.author_key, a.stand_in, a.apart
FROM target.live_messages m
LEFT JOIN map.message_kinds k ON k.source_folded = fold(m.kind)
LEFT JOIN map.author_types y ON y.source_folded = fold(m.author_type)
LEFT JOIN target.apart_emails s ON s.email = m.author_email
JOIN target.authors a ON a.author_type IS NOT DISTINCT FROM y.author_type
    AND a.author_id IS NOT DISTINCT FROM m.author_id
    AND a.author_email IS NOT DISTINCT FROM m.author_email
    AND a.author_name IS NOT DISTINCT FROM CASE
        WHEN s.email IS NOT NULL OR y.author_type IS NULL OR m.author_id IS NULL AND m.author_email IS NULL
            THEN fold(m.author_name) END;

-- Whose each ticket is. Where no row describes its customer: theirs if messages say who that is, else whoever wrote its
-- first message, else whoever wrote that of all the customer's other tickets; and only then an unknown customer's.
CREATE OR REPLACE TABLE target.ticket_contacts AS
WITH unknown AS (
    SELECT t.ticket_id, t.customer_id, stand_in_key('deleted', t.customer_id) AS placeholder,
        t.customer_id IN (FROM target.withheld_customers)
            OR t.customer_id IN (
                SELECT author_id FROM target.authored
                WHERE stand_in = 'id' AND author_id IS NOT NULL AND (author_name IS NOT NULL OR author_email IS NOT NULL))
            AS is_said
    FROM target.live_tickets t
    ANTI JOIN target.contact_sources s ON s.customer_id = t.customer_id
),
first AS (
    SELECT ticket_id,
        arg_min(if(author_kind = 'contact', coalesce(author_key, ''), ''), row(created_at, _row)) AS contact_key
    FROM target.authored
    WHERE author_type IS DISTINCT FROM 'system' AND coalesce(kind, '') NOT IN ('assignment', 'status_change')
    GROUP BY ticket_id
),
wrote AS (
    SELECT u.*, if(u.is_said, NULL, nullif(f.contact_key, '')) AS contact_key
    FROM unknown u LEFT JOIN first f ON f.ticket_id = u.ticket_id
),
always AS (
    SELECT customer_id, min(contact_key) AS contact_key FROM wrote
    WHERE contact_key IS NOT NULL GROUP BY customer_id HAVING count(DISTINCT contact_key) = 1
)
SELECT w.ticket_id, coalesce(w.contact_key, a.contact_key, w.placeholder) AS contact_key, TRUE AS unknown
FROM wrote w LEFT JOIN always a ON a.customer_id = w.customer_id
UNION ALL
SELECT t.ticket_id, s.contact_key, FALSE
FROM target.live_tickets t JOIN target.contact_sources s ON s.customer_id = t.customer_id;

-- Everybody who is needed but is not a customer in the extract.
CREATE OR REPLACE TABLE target.placeholders AS
WITH needed AS (
    SELECT c.contact_key AS source_key, t.customer_id, NULL AS email, NULL AS shown
    FROM target.live_tickets t JOIN target.ticket_contacts c USING (ticket_id)
    WHERE c.unknown AND c.contact_key = stand_in_key('deleted', t.customer_id)
    UNION ALL
    SELECT author_key, author_id, author_email, NULL FROM target.authors WHERE stand_in = 'id' AND author_id IS NOT NULL
    UNION ALL
    SELECT author_key, NULL, author_email, NULL FROM target.authors WHERE stand_in = 'email'
    UNION ALL
    -- Known by name only: nobody new if it is the name of the ticket's own customer.
    SELECT m.author_key, NULL, NULL, m.author_name
    FROM target.authored m
    JOIN target.live_tickets t ON t.ticket_id = m.ticket_id
    JOIN target.ticket_contacts o ON o.ticket_id = m.ticket_id
    LEFT JOIN clean.customers c ON c.customer_id = t.customer_id
    WHERE m.stand_in = 'name' AND m.author_key IS NOT NULL
      AND (coalesce(fold(c.name), '') <> fold(m.author_name) OR o.contact_key = m.author_key)
),
one_each AS (
    SELECT source_key, max(customer_id) AS customer_id, min(email) AS email, min(shown) AS shown
    FROM needed GROUP BY source_key
),
names AS (
    SELECT author_key AS source_key, min_by(author_name, _row) AS shown
    FROM target.authored WHERE stand_in IN ('id', 'email') AND author_name IS NOT NULL GROUP BY author_key
),
-- Intercom refuses a second contact with the same e-mail.
ranked AS (
    SELECT o.*, coalesce(d.customer_id = o.customer_id, FALSE) AS named,
        row_number() OVER (PARTITION BY o.email ORDER BY named DESC, o.source_key) AS claim
    FROM one_each o LEFT JOIN map.same_people d ON d.kind = 'email' AND d.value = o.email
)
SELECT r.source_key, if(r.customer_id IS NULL, r.source_key, stand_in_key('customer', r.customer_id)) AS external_id,
    r.customer_id,
    CASE WHEN r.claim = 1 AND r.email NOT IN (SELECT email FROM target.contact_keys WHERE email IS NOT NULL)
        AND (r.named OR r.email NOT IN (FROM target.apart_emails)) THEN r.email END AS email,
    CASE
        WHEN n.shown IS NOT NULL THEN n.shown
        WHEN r.shown IS NOT NULL THEN r.shown || ' (unknown customer in ' || source_label() || ')'
        WHEN r.customer_id IS NOT NULL THEN 'Unknown customer (' || source_label() || ' ' || r.customer_id || ')'
        WHEN r.email IS NOT NULL THEN 'Unknown customer (' || r.email || ')'
        ELSE 'Unknown customer (' || source_label() || ')'
    END AS name,
    coalesce(r.customer_id IN (FROM target.withheld_customers), FALSE) AS withheld
FROM ranked r
LEFT JOIN names n ON n.source_key = r.source_key;

INSERT INTO target.contact_sources
SELECT customer_id, source_key, 'placeholder' FROM target.placeholders WHERE customer_id IS NOT NULL;

INSERT INTO doubt.rows
SELECT 'target/contacts', 'tickets', 'customer_unknown', 'customer_id', t.ticket_id, t._file, t._line,
    'customer ' || t.customer_id || '; loaded for ' || coalesce(p.name, n.name, n.customer_id, c.contact_key), 1
FROM target.live_tickets t
JOIN target.ticket_contacts c ON c.ticket_id = t.ticket_id AND c.unknown
LEFT JOIN target.placeholders p ON p.source_key = c.contact_key
LEFT JOIN clean.customers n ON n.customer_id = c.contact_key
WHERE t.customer_id NOT IN (FROM target.withheld_customers);

-- Who gives a name and an address, and no id that would be somebody's, is known well enough.
CREATE OR REPLACE TEMP TABLE stand_ins AS
SELECT a.*, m._file, m._line, p.name, d.email IS NOT NULL AS disputed, coalesce(d.decided, FALSE) AS decided
FROM target.authored a
JOIN target.live_messages m ON m.message_id = a.message_id
JOIN target.placeholders p ON p.source_key = a.author_key
JOIN target.ticket_contacts t ON t.ticket_id = a.ticket_id
LEFT JOIN clean.customers c ON c.customer_id = t.contact_key
LEFT JOIN target.disputed_emails d ON d.email = a.author_email
WHERE a.stand_in IS NOT NULL AND NOT p.withheld
    AND NOT (a.author_id IS NULL AND a.author_name IS NOT NULL AND a.author_email IS NOT NULL
        AND (NOT a.apart OR coalesce(d.decided, FALSE)))
    AND NOT (a.author_id IS NULL AND coalesce(fold(a.author_name) = fold(c.name), a.author_name IS NULL AND a.stand_in = 'name'));

INSERT INTO doubt.rows
SELECT 'target/contacts', 'messages', if(disputed AND NOT decided, 'author_names_differ', 'author_unknown'),
    if(author_id IS NULL OR disputed AND NOT decided, 'author_email', 'author_id'), message_id, _file, _line,
    concat_ws(', ', 'author ' || author_id, author_name, author_email) || '; loaded as by ' || name, 1
FROM stand_ins;
DROP TABLE stand_ins;
