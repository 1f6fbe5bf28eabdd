-- One row per ticket as Intercom should hold it; a thread that is too long for one has several (pieces, part_of 1, 2 …).

-- A team that stands alone in the ticket may be unknown to teams.csv; it stays, and waits for a match.
CREATE OR REPLACE TEMP TABLE ticket_values AS
WITH ticket_tags AS (
    SELECT u.ticket_id, list(DISTINCT g.name ORDER BY g.name) AS tags
    FROM (SELECT ticket_id, unnest(tags) AS tag FROM target.live_tickets) u
    JOIN target.tags g ON g.source_key = fold(u.tag)
    GROUP BY u.ticket_id
),
carriers AS (SELECT list(c ORDER BY c.name) AS all_of_them FROM map.carriers c WHERE c.object = 'ticket'),
-- Earlier pieces of a long thread are closed; if the ticket itself is not, the first closed status of the mapping
-- gives the ticket state.
closed AS (SELECT min_by(ticket_state, rank) AS ticket_state FROM map.statuses WHERE state = 'closed')
SELECT t.ticket_id, t.subject IS NULL AS untitled,
    -- What the customer was shown first stands in for a subject; an internal note would then be read by them.
    coalesce(t.subject, '(no subject)' || coalesce(' ' || (
        SELECT min_by(b.first, h.position) FROM target.thread h JOIN target.bodies b ON b.message_id = h.message_id
        WHERE h.ticket_id = t.ticket_id AND h.kind = 'comment' AND b.first IS NOT NULL), '')) AS subject,
    t.channel, s.contact_key, c.name AS contact_name,
    k.company_key, coalesce(o.opened_at, seconds(t.created_at)) AS created_at, seconds(t.created_at) AS ticket_at,
    seconds(t.closed_at) AS closed_at,
    m.state, m.ticket_state, d.ticket_state AS closed_ticket_state, p.priority, t.agent_id, t.team_id,
    coalesce(g.tags, []) AS tags, t.merged_into_ticket_id AS merged_into, x.snoozed_until,
    list_concat(
        [{'name': own_attribute('number'), 'value': to_json(t.ticket_number)::VARCHAR},
         {'name': own_attribute('URL'), 'value': to_json(CASE
             WHEN contains(x.ticket_url, '{ticket_number}') AND t.ticket_number IS NULL THEN NULL
             ELSE replace(replace(x.ticket_url, '{ticket_id}', url_encode(t.ticket_id)),
                          '{ticket_number}', url_encode(coalesce(t.ticket_number, ''))) END)::VARCHAR},
         {'name': own_attribute('closed at'), 'value': to_json(seconds(t.closed_at))::VARCHAR},
         {'name': 'Priority', 'value': to_json(upper(left(p.priority, 1)) || substr(p.priority, 2))::VARCHAR},
         {'name': own_attribute('channel'), 'value': to_json(t.channel)::VARCHAR}],
        custom_values(t.custom, a.all_of_them)) AS vals
FROM target.live_tickets t
JOIN target.ticket_contacts s ON s.ticket_id = t.ticket_id
JOIN target.contacts c ON c.source_key = s.contact_key
LEFT JOIN target.company_sources k ON k.company_id = t.company_id
LEFT JOIN map.statuses m ON m.source_folded = fold(t.status)
LEFT JOIN map.priorities p ON p.source_folded = fold(t.priority)
LEFT JOIN (SELECT ticket_id, min(opened_at) AS opened_at FROM target.thread GROUP BY ticket_id) o ON o.ticket_id = t.ticket_id
LEFT JOIN ticket_tags g ON g.ticket_id = t.ticket_id
CROSS JOIN map.settings x
CROSS JOIN carriers a
CROSS JOIN closed d;

-- The description is the customer's opening message as plain text. Where the thread does not open with one, it says
-- in words how the ticket came about, and every message is a part.
CREATE OR REPLACE TEMP TABLE descriptions AS
WITH worded AS (
    SELECT v.ticket_id, t.had_files, t.line, d.line AS own_line,
        CASE WHEN t.message_id IS NULL THEN
                'Opened in ' || source_label() || ' by ' || coalesce(v.contact_name, 'customer ' || v.contact_key)
                || coalesce(' via ' || v.channel, '') || '.'
            ELSE o.plain END AS plain,
        '(attachment only' || coalesce(': ' || t.names, '') || ')' AS only_files,
        'CC: ' || nullif(array_to_string(t.cc, ', '), '') AS cc,
        chr(10) || chr(10) AS gap
    FROM ticket_values v
    LEFT JOIN target.thread t ON t.ticket_id = v.ticket_id AND t.opener
    LEFT JOIN target.openers o ON o.message_id = t.message_id
    LEFT JOIN target.attached d ON d.ticket_id = v.ticket_id AND d.message_id IS NULL
)
SELECT ticket_id,
    concat_ws(gap, coalesce(plain, CASE WHEN had_files THEN only_files ELSE '(empty message)' END), cc, line, own_line)
        AS description,
    CASE WHEN had_files OR own_line IS NOT NULL THEN concat_ws(gap, coalesce(plain, '(empty message)'), cc) END AS said
FROM worded;

CREATE OR REPLACE TABLE target.conversations AS
WITH needs AS (
    SELECT conversation_key, list(author_key ORDER BY author_key) AS agents
    FROM (SELECT DISTINCT conversation_key, author_key FROM target.parts
          WHERE author_kind = 'admin' AND author_key IS NOT NULL)
    GROUP BY conversation_key
),
shaped AS (
    SELECT v.ticket_id || CASE WHEN p.part_of > 1 THEN '#' || p.part_of ELSE '' END AS source_key,
        v.ticket_id, coalesce(p.part_of, 1) AS part_of,
        v.subject || CASE WHEN p.part_of > 1
            THEN ' (continued, ' || p.part_of || ' of ' || p.pieces || ')' ELSE '' END AS title,
        CASE WHEN p.part_of > 1 THEN
            'Continues the ticket with the ' || source_label() || ' id '
            || v.ticket_id || CASE WHEN p.part_of > 2 THEN '#' || (p.part_of - 1) ELSE '' END
            || CASE WHEN p.part_of > 2 THEN ', which began as ' || v.ticket_id ELSE '' END
            || ' (' || p.part_of || ' of ' || p.pieces || ').'
        ELSE d.description END AS description,
        CASE WHEN p.part_of > 1 THEN NULL ELSE d.said END AS said,
        v.contact_key, v.company_key,
        CASE WHEN p.part_of > 1 THEN p.first_at ELSE v.created_at END AS created_at,
        v.closed_at,
        CASE WHEN p.part_of < p.pieces THEN 'closed' ELSE v.state END AS state,
        CASE WHEN p.part_of < p.pieces AND v.state <> 'closed'
            THEN coalesce(v.closed_ticket_state, v.ticket_state) ELSE v.ticket_state END AS ticket_state,
        CASE WHEN coalesce(p.part_of = p.pieces, TRUE) AND v.state = 'snoozed' THEN v.snoozed_until END AS snoozed_until,
        v.priority, v.agent_id, v.team_id, v.tags, v.vals, coalesce(p.part_count, 0) AS part_count, v.merged_into
    FROM ticket_values v
    JOIN descriptions d ON d.ticket_id = v.ticket_id
    LEFT JOIN target.pieces p ON p.ticket_id = v.ticket_id
),
finished AS (
    SELECT s.* EXCLUDE (vals),
        attributes_json(list_concat(
            [{'name': own_attribute('id'), 'value': to_json(s.source_key)::VARCHAR}], s.vals)) AS attributes,
        list_sort(list_distinct(list_concat(
            coalesce(n.agents, []), CASE WHEN s.agent_id IS NULL THEN [] ELSE [s.agent_id] END))) AS needs_agents,
        s.team_id AS needs_team
    FROM shaped s
    LEFT JOIN needs n ON n.conversation_key = s.source_key
),
with_payload AS (SELECT *, {payload} AS payload FROM finished)
SELECT *, sha256(payload::VARCHAR) AS fingerprint FROM with_payload;

INSERT INTO target.findings
SELECT 'conversations', source_key, 'continued', 'the thread is longer than one ticket can show and goes on in another'
FROM target.conversations WHERE part_of > 1;

INSERT INTO target.findings
SELECT 'conversations', ticket_id, 'opened_earlier',
    'opened ' || (ticket_at - created_at) || ' s before the ticket''s own time, with its earliest message'
FROM ticket_values WHERE created_at < ticket_at;

INSERT INTO target.findings
SELECT 'conversations', ticket_id, 'no_subject', 'the ticket has no subject; its first words stand in the title'
FROM ticket_values WHERE untitled;

DROP TABLE ticket_values;
DROP TABLE descriptions;
