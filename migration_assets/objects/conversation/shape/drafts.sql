-- Every part with its body, in its conversation and in order, before times are moved: `target.drafts`.

-- The opening message is the ticket's description and no part. Threads of more than `parts_limit` parts go on in a
-- linked ticket; a piece leaves room for the note that says so.
CREATE OR REPLACE TABLE target.drafts AS
WITH worded AS (
    SELECT t.message_id AS source_key, t.ticket_id, t.position, t.sent_at, t.kind, t.author_kind, t.author_key,
        t.had_files, t.line, b.html,
        coalesce(k.keys, []) AS attachments,
        coalesce(
            -- Who and what, where the part itself cannot say it.
            paragraph(
                CASE t.source_kind
                    WHEN 'assignment' THEN 'Assignment in ' || source_label()
                    WHEN 'status_change' THEN 'Status change in ' || source_label()
                    WHEN 'note' THEN CASE WHEN t.author_key IS NULL THEN 'Note in ' || source_label() END
                    WHEN 'reply' THEN CASE
                        WHEN t.author_type IS NULL
                            THEN 'Message in ' || source_label() || ', not certain who was meant to see it'
                        WHEN t.author_key IS NULL THEN 'Message in ' || source_label() END
                    ELSE 'Message in ' || source_label() || ', not certain who was meant to see it'
                END
                || CASE
                    WHEN t.author_key IS NOT NULL THEN ''
                    WHEN t.author_type = 'system'
                        THEN ' by the ' || source_label() || ' system' || coalesce(' (' || t.author_name || ')', '')
                    ELSE ' by ' || coalesce(t.author_name, t.author_email, c.name, t.author_id, 'an unknown author')
                        || CASE WHEN t.contact_key IS NOT NULL THEN ' (customer)' ELSE '' END
                END || ':'),
            '') AS begins,
        CASE WHEN t.had_files THEN paragraph('(attachment only' || coalesce(': ' || t.names, '') || ')') END AS only_files,
        paragraph(CASE
            WHEN t.source_kind = 'assignment' THEN '(assignment without text)'
            WHEN t.source_kind = 'status_change' THEN '(status change without text)'
            ELSE '(empty message)' END) AS instead,
        -- How it began if it was written with its files, which were all that it had.
        CASE WHEN b.html IS NULL AND t.source_kind NOT IN ('assignment', 'status_change') THEN paragraph('(attachment only') END
            AS files_alone,
        coalesce(paragraph('CC: ' || nullif(array_to_string(t.cc, ', '), '')), '') AS ends
    FROM target.thread t
    LEFT JOIN target.bodies b ON b.message_id = t.message_id
    LEFT JOIN target.contacts c ON c.source_key = t.contact_key
    LEFT JOIN target.file_calls k ON k.message_id = t.message_id AND k.with_it
    WHERE NOT t.opener
),
texts AS (
    SELECT * EXCLUDE (had_files, line, html, begins, only_files, instead, files_alone, ends), 0 AS after,
        begins || coalesce(html, only_files, instead) || ends || coalesce(paragraph(line), '') AS body,
        -- What is said whatever becomes of its files: they may come later than the message.
        CASE WHEN had_files THEN begins || coalesce(html, instead) || ends END AS said,
        begins || files_alone AS files_alone
    FROM worded
),
last_words AS (SELECT ticket_id, max(position) AS position, max(sent_at) AS sent_at FROM target.thread GROUP BY ticket_id),
merged AS (
    -- A merged ticket names its survivor, after everything else in it.
    SELECT t.ticket_id || ':merged' AS source_key, t.ticket_id, coalesce(l.position, 0) + 1 AS position, 0 AS after,
        greatest(seconds(coalesce(t.closed_at, t.updated_at, t.created_at)), coalesce(l.sent_at, seconds(t.created_at))) AS sent_at,
        'note' AS kind, 'admin' AS author_kind, NULL::VARCHAR AS author_key, []::VARCHAR[] AS attachments,
        paragraph('Merged in ' || source_label() || ' into ticket '
            || coalesce(s.ticket_number || ' (' || source_label() || ' id ' || s.ticket_id || ')', t.merged_into_ticket_id)
            || coalesce(', "' || s.subject || '"', '') || '.') AS body
    FROM target.live_tickets t
    LEFT JOIN clean.tickets s ON s.ticket_id = t.merged_into_ticket_id
    LEFT JOIN last_words l ON l.ticket_id = t.ticket_id
    WHERE t.merged_into_ticket_id IS NOT NULL
),
everything AS (
    SELECT *, FALSE AS generated FROM texts
    UNION ALL BY NAME
    SELECT *, TRUE AS generated FROM merged
    UNION ALL BY NAME
    SELECT *, TRUE AS generated FROM target.file_notes
),
numbered AS (
    SELECT *,
        row_number() OVER (PARTITION BY ticket_id ORDER BY position, after) AS n,
        count(*) OVER (PARTITION BY ticket_id) AS total
    FROM everything
),
split AS (
    SELECT *,
        CASE WHEN total > l.parts THEN (n - 1) // (l.parts - 1) + 1 ELSE 1 END AS part_of,
        CASE WHEN total > l.parts THEN (total - 1) // (l.parts - 1) + 1 ELSE 1 END AS pieces
    FROM numbered CROSS JOIN target.parts_limit l
)
SELECT source_key, ticket_id, part_of, pieces, n, sent_at, kind, author_kind, author_key, attachments, body, said, files_alone,
    generated,
    files_of, after AS call
FROM split
UNION ALL
SELECT ticket_id || CASE WHEN part_of > 1 THEN '#' || part_of ELSE '' END || ':continues',
    ticket_id, part_of, pieces, max(n) + 0.5, max(sent_at), 'note', 'admin', NULL, [],
    paragraph('The thread is longer than one ticket can show. It goes on in the ticket with the ' || source_label() || ' id '
        || ticket_id || '#' || (part_of + 1) || ' (' || (part_of + 1) || ' of ' || pieces || ').'),
    NULL, NULL, TRUE, NULL, 0
FROM split
WHERE part_of < pieces
GROUP BY ticket_id, part_of, pieces;
