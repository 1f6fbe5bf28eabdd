-- Every write that the target state needs, each with the fingerprint of what it carries.
-- In: target.*, plan.options, plan.admin_ids, plan.team_ids, plan.journal. Out: plan.scope_*, plan.desired.
-- `step` is the order within a record; record_object and record_key say which record a write belongs to.

CREATE OR REPLACE TABLE plan.scope_conversations AS
SELECT source_key
FROM target.conversations CROSS JOIN plan.options o
QUALIFY o."limit" IS NULL OR row_number() OVER (ORDER BY created_at, source_key) <= o."limit";

CREATE OR REPLACE TABLE plan.scope_contacts AS
SELECT source_key FROM target.contacts CROSS JOIN plan.options o WHERE o."limit" IS NULL
UNION
SELECT c.contact_key FROM target.conversations c SEMI JOIN plan.scope_conversations s ON s.source_key = c.source_key
UNION
SELECT p.author_key FROM target.parts p SEMI JOIN plan.scope_conversations s ON s.source_key = p.conversation_key
WHERE p.author_kind = 'contact';

CREATE OR REPLACE TABLE plan.scope_companies AS
SELECT source_key FROM target.companies CROSS JOIN plan.options o WHERE o."limit" IS NULL
UNION
SELECT c.company_key FROM target.conversations c SEMI JOIN plan.scope_conversations s ON s.source_key = c.source_key
WHERE c.company_key IS NOT NULL
UNION
SELECT l.company_key FROM target.contact_companies l SEMI JOIN plan.scope_contacts s ON s.source_key = l.contact_key;

CREATE OR REPLACE TABLE plan.conversation_tags AS
SELECT c.source_key AS conversation_key, t.name, coalesce(exact.source_key, folded.source_key) AS tag_key
FROM target.conversations c
SEMI JOIN plan.scope_conversations s ON s.source_key = c.source_key
CROSS JOIN unnest(list_distinct(c.tags)) AS t(name)
LEFT JOIN target.tags exact ON exact.name = t.name
LEFT JOIN target.tags folded ON folded.source_key = lower(regexp_replace(trim(t.name), '\s+', ' ', 'g'));

-- What may be on a record and is not wanted there any more: tags, and the companies of contacts. What hangs on a record
-- that is gone at source, or leads to one, stays: such records are left as they are.
CREATE OR REPLACE TABLE plan.taken_off AS
WITH put_on AS (
    SELECT object, source_key, parent_key, write_id FROM plan.journal
    WHERE operation = 'attach' AND (state IN ('confirmed', 'intent', 'ambiguous') OR error_code = 'repeatable')
)
SELECT a.* FROM put_on a
SEMI JOIN plan.scope_conversations s ON s.source_key = a.parent_key
ANTI JOIN plan.conversation_tags t ON t.conversation_key || '|' || t.tag_key = a.source_key
WHERE a.object = 'conversation_tag'
UNION ALL
SELECT a.* FROM put_on a
SEMI JOIN (FROM target.contacts WHERE NOT withheld) c ON c.source_key = a.parent_key
SEMI JOIN plan.scope_contacts s ON s.source_key = a.parent_key
SEMI JOIN target.companies k ON k.source_key = substr(a.source_key, len(a.parent_key) + 2)
ANTI JOIN target.contact_companies l ON l.source_key = a.source_key
WHERE a.object = 'contact_company';

CREATE OR REPLACE TABLE plan.desired AS
WITH scoped AS (
    SELECT c.* FROM target.conversations c SEMI JOIN plan.scope_conversations s ON s.source_key = c.source_key
),
-- Who is really written for the agent decides the payload, so it is part of the fingerprint.
assigned AS (
    SELECT
        c.*,
        CASE WHEN a.via = 'fallback' THEN c.agent_id || '|fallback' ELSE c.agent_id END AS admin,
        CASE WHEN t.team_id IS NOT NULL OR o.unmatched <> 'fallback' THEN c.team_id END AS team,
        o.route, o.native_priority
    FROM scoped c
    CROSS JOIN plan.options o
    LEFT JOIN plan.admin_ids a ON a.agent_id = c.agent_id
    LEFT JOIN plan.team_ids t ON t.team_id = c.team_id
)
SELECT a.kind AS object, source_key, NULL::VARCHAR AS parent_key, 'create' AS operation, 0::BIGINT AS step,
    fingerprint, a.kind AS record_object, source_key AS record_key
FROM (
    -- Attributes of people must stand before people; those of the ticket type come with the type.
    SELECT *, CASE model WHEN 'ticket' THEN 'ticket_attribute' ELSE 'attribute' END AS kind FROM target.attributes
) a
UNION ALL
SELECT 'contact', source_key, NULL, 'create', 0, fingerprint, 'contact', source_key
FROM target.contacts SEMI JOIN plan.scope_contacts USING (source_key)
UNION ALL
SELECT 'company', source_key, NULL, 'upsert', 0, fingerprint, 'company', source_key
FROM target.companies SEMI JOIN plan.scope_companies USING (source_key)
UNION ALL
SELECT 'contact_company', l.source_key, l.contact_key, 'attach', 0, l.fingerprint, 'contact_company', l.source_key
FROM target.contact_companies l SEMI JOIN plan.scope_contacts s ON s.source_key = l.contact_key
UNION ALL
SELECT 'tag', source_key, NULL, 'create', 0, fingerprint, 'tag', source_key
FROM target.tags CROSS JOIN plan.options o
WHERE o."limit" IS NULL OR source_key IN (SELECT tag_key FROM plan.conversation_tags)
UNION ALL
SELECT 'ticket_type', ticket_type, NULL, 'create', 0, sha256(ticket_type), 'ticket_type', ticket_type
FROM plan.options
UNION ALL
SELECT
    'conversation', source_key, contact_key, 'create', 0,
    CASE route
        WHEN 'ticket' THEN sha256(to_json({
            title: title, description: description, contact: contact_key, company: company_key,
            created_at: created_at, admin: admin, team: team, attributes: attributes})::VARCHAR)
        ELSE sha256(to_json({
            description: coalesce(said, description), contact: contact_key, created_at: created_at})::VARCHAR)
    END,
    'conversation', source_key
FROM assigned
UNION ALL
SELECT
    'part', p.source_key, p.conversation_key, 'append', p.seq,
    CASE WHEN a.via = 'fallback' THEN sha256(p.fingerprint || '|fallback') ELSE p.fingerprint END,
    'conversation', p.conversation_key
FROM target.parts p
SEMI JOIN plan.scope_conversations s ON s.source_key = p.conversation_key
LEFT JOIN plan.admin_ids a ON p.author_kind = 'admin' AND a.agent_id = p.author_key
UNION ALL
-- The conversation route sets everything that POST /conversations does not take in a step of its own.
SELECT
    'conversation', source_key, contact_key, 'update', 1000000,
    sha256(to_json({title: title, company: company_key, admin: admin, team: team, attributes: attributes,
        description: description})::VARCHAR),
    'conversation', source_key
FROM assigned WHERE route = 'conversation'
UNION ALL
SELECT
    'conversation_tag', conversation_key || '|' || tag_key, conversation_key, 'attach', 2000000, sha256(tag_key),
    'conversation', conversation_key
FROM plan.conversation_tags
UNION ALL
-- Each time anew: what is put on, taken off, put on again may have to be taken off again.
SELECT object, source_key, parent_key, 'take_off', CASE object WHEN 'conversation_tag' THEN 2000000 ELSE 0 END,
    sha256('off ' || write_id),
    CASE object WHEN 'conversation_tag' THEN 'conversation' ELSE object END,
    CASE object WHEN 'conversation_tag' THEN parent_key ELSE source_key END
FROM plan.taken_off
UNION ALL
SELECT 'conversation', source_key, contact_key, 'priority', 3000000, sha256(priority), 'conversation', source_key
FROM assigned WHERE native_priority AND priority IS NOT NULL
UNION ALL
SELECT
    'conversation', source_key, contact_key, 'settle', 4000000,
    sha256(to_json({state: state, ticket_state: ticket_state, snoozed_until: snoozed_until})::VARCHAR),
    'conversation', source_key
FROM assigned;
