-- Doubts of who wrote: nobody says what the author is, or who; or two people are named.

INSERT INTO doubt.rows
SELECT 'target/contacts', 'messages', if(a.author_type IS NULL, 'author_type_unknown', 'author_missing'),
    if(a.author_type IS NULL, 'author_type', 'author_id'), a.message_id, m._file, m._line,
    coalesce(nullif(concat_ws(', ', 'author ' || a.author_id, a.author_name, a.author_email), ''), 'no author') || '; loaded as '
        || CASE WHEN a.author_type IS NULL THEN 'a note that names who wrote it'
            WHEN a.author_type = 'customer' THEN 'by the ticket''s customer' ELSE 'by the migration''s admin' END, 1
FROM target.authored a
JOIN target.live_messages m ON m.message_id = a.message_id
WHERE coalesce(a.kind, '') NOT IN ('assignment', 'status_change')
    AND CASE a.author_type
        WHEN 'customer' THEN a.author_id IS NULL AND a.author_email IS NULL AND a.author_name IS NULL
        WHEN 'agent' THEN a.author_key IS NULL
        ELSE a.author_type IS NULL END;

-- Messages whose author's id names one person and whose name or address another: they are loaded by the id, and doubted.
INSERT INTO doubt.rows
WITH words AS (SELECT *, unnest(more) AS b FROM (SELECT *, unnest(fewer) AS a FROM target.said_beside)),
unlike_one AS (
    SELECT DISTINCT author_kind, author_key, said, known FROM (
        SELECT w.author_kind, w.author_key, w.said, w.known, w.a
        FROM words w LEFT JOIN target.said_alike l ON l.a = w.a AND l.b = w.b
        GROUP BY ALL HAVING NOT bool_or(w.a = w.b OR l.a IS NOT NULL))
),
-- Like none of the names that the person has.
unlike AS (
    SELECT b.author_kind, b.author_key, b.said FROM target.said_beside b
    LEFT JOIN unlike_one u ON u.author_kind = b.author_kind AND u.author_key = b.author_key AND u.said = b.said
        AND u.known = b.known
    GROUP BY ALL HAVING bool_and(u.said IS NOT NULL)
),
holders AS (
    SELECT email, min(author_kind || ' ' || author_key) AS holder FROM target.people
    WHERE email IS NOT NULL AND email NOT IN (FROM target.apart_emails)
    GROUP BY email HAVING count(DISTINCT author_kind || ' ' || author_key) = 1
),
own AS (SELECT DISTINCT author_kind, author_key, email FROM target.people WHERE email IS NOT NULL),
titled AS (SELECT author_kind, author_key, list(DISTINCT titles) AS theirs FROM target.people WHERE len(titles) > 0 GROUP BY ALL),
judged AS (
    SELECT s.*,
        len(t.theirs) > 0 AND len(list_filter(t.theirs, lambda one: NOT titles_differ(one, s.titles))) = 0 AS other_title,
        -- Where the address is theirs too, only the name of somebody else speaks against them: names change.
        u.said IS NOT NULL AND (s.somebodys OR o.email IS NULL) AS other_name,
        o.email IS NULL AND h.holder <> s.author_kind || ' ' || s.author_key AS other_address
    FROM target.said s
    LEFT JOIN unlike u ON u.author_kind = s.author_kind AND u.author_key = s.author_key AND u.said = s.words
    LEFT JOIN own o ON o.author_kind = s.author_kind AND o.author_key = s.author_key AND o.email = s.author_email
    LEFT JOIN holders h ON h.email = s.author_email
    LEFT JOIN titled t ON t.author_kind = s.author_kind AND t.author_key = s.author_key
)
SELECT 'target/contacts', 'messages', 'author_contradicts', 'author_id', a.message_id, m._file, m._line,
    concat_ws(', ', 'author ' || a.author_id, a.author_name, a.author_email) || '; loaded as by '
        || coalesce(c.name, g.name, a.author_key), 1
FROM target.authored a
JOIN judged j ON j.author_kind = a.author_kind AND j.author_key = a.author_key AND j.author_id = a.author_id
    AND j.author_email IS NOT DISTINCT FROM a.author_email AND j.author_name IS NOT DISTINCT FROM a.author_name
JOIN target.live_messages m ON m.message_id = a.message_id
LEFT JOIN clean.customers c ON a.author_kind = 'contact' AND c.customer_id = a.author_key
LEFT JOIN clean.agents g ON a.author_kind = 'admin' AND g.agent_id = a.author_key
WHERE j.other_name OR j.other_address OR j.other_title;

-- Whoever is called a customer and gives an agent's address: a contact would bear the agent's words.
INSERT INTO doubt.rows
SELECT 'target/contacts', 'messages', 'author_contradicts', 'author_email', a.message_id, m._file, m._line,
    concat_ws(', ', 'customer ' || a.author_id, a.author_name, a.author_email) || '; the address is of agent '
        || coalesce(g.name, g.agent_id), 1
FROM target.authored a
JOIN target.live_messages m ON m.message_id = a.message_id
JOIN (SELECT email, min(agent_id) AS agent_id, min(name) AS name FROM clean.agents GROUP BY email) g
    ON g.email = a.author_email
WHERE a.author_kind = 'contact' AND a.stand_in IS NOT NULL;

-- Agents whom Intercom would show as one admin, and who are not one by their names.
INSERT INTO doubt.rows
SELECT 'target/contacts', 'agents', 'agent_email_shared', 'email', a.agent_id, a._file, a._line,
    a.email || ': ' || string_agg(a.name || ' (' || a.agent_id || ')', ', ') OVER (PARTITION BY a.email), 1
FROM clean.agents a
SEMI JOIN (
    SELECT kind, value FROM target.unlike_names UNION SELECT kind, value FROM target.unlike_titles
) u ON u.kind = 'agent' AND u.value = a.email
ANTI JOIN map.agents m ON m.agent_id = a.agent_id;
