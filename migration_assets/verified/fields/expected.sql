-- What each record should show, by field: derived from the target and from who stands in for whom.
-- In: target.*, plan.*, verified.standing, verified.part_order. Out: the temporary views expected_<object>, each with
-- object, source_key, field, value; that of parts also with what explains a difference.

CREATE OR REPLACE TEMP MACRO own_id(name, key) AS
    (SELECT s.intercom_id FROM verified.standing s WHERE s.object = name AND s.source_key = key);
CREATE OR REPLACE TEMP MACRO value_at(attributes, name) AS
    nullif(json_extract_string(attributes::JSON, '$."' || name || '"'), '');
CREATE OR REPLACE TEMP MACRO as_list(texts) AS nullif(array_to_string(list_sort(list_distinct(texts)), ', '), '');
CREATE OR REPLACE TEMP MACRO in_html(x) AS
    replace(replace(replace(replace(replace(x, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#x27;');

CREATE OR REPLACE TEMP VIEW expected_attribute AS
SELECT 'attribute' AS object, a.source_key, f.field, f.value
FROM target.attributes a CROSS JOIN unnest([
    {'field': 'present', 'value': 'true'},
    {'field': 'model', 'value': a.model},
    {'field': 'name', 'value': a.name},
    {'field': 'data_type', 'value': a.data_type},
    {'field': 'options', 'value': as_list(a.options)},
    {'field': 'description', 'value': a.description}]) AS u(f)
WHERE a.model <> 'ticket';

CREATE OR REPLACE TEMP VIEW expected_ticket_attribute AS
SELECT 'ticket_attribute' AS object, a.source_key, f.field, f.value
FROM target.attributes a CROSS JOIN unnest([
    {'field': 'present', 'value': 'true'},
    {'field': 'model', 'value': a.model},
    {'field': 'name', 'value': a.name},
    {'field': 'data_type', 'value': a.data_type},
    {'field': 'options', 'value': as_list(a.options)},
    {'field': 'description', 'value': coalesce(a.description, a.name)}]) AS u(f)
WHERE a.model = 'ticket';

CREATE OR REPLACE TEMP VIEW expected_ticket_type AS
SELECT 'ticket_type' AS object, o.ticket_type AS source_key, f.field, f.value
FROM plan.options o CROSS JOIN unnest([
    {'field': 'present', 'value': 'true'},
    {'field': 'name', 'value': o.ticket_type},
    {'field': 'category', 'value': 'Customer'}]) AS u(f);

CREATE OR REPLACE TEMP VIEW expected_tag AS
SELECT 'tag' AS object, t.source_key, f.field, f.value
FROM target.tags t CROSS JOIN unnest([
    {'field': 'present', 'value': 'true'},
    {'field': 'name', 'value': t.name}]) AS u(f);

CREATE OR REPLACE TEMP VIEW expected_contact AS
SELECT 'contact' AS object, c.source_key, f.field, f.value
FROM target.contacts c CROSS JOIN unnest([
    {'field': 'present', 'value': 'true'},
    {'field': 'role', 'value': 'user'},
    {'field': 'external_id', 'value': c.external_id},
    {'field': 'email', 'value': c.email},
    {'field': 'phone', 'value': c.phone},
    {'field': 'name', 'value': c.name},
    {'field': 'signed_up_at', 'value': c.signed_up_at::VARCHAR},
    {'field': 'last_seen_at', 'value': c.last_seen_at::VARCHAR}]) AS u(f)
UNION ALL
SELECT 'contact', c.source_key, 'attribute.' || a.name, value_at(c.custom_attributes, a.name)
FROM target.contacts c JOIN target.attributes a ON a.model = 'contact';

CREATE OR REPLACE TEMP VIEW expected_contact_company AS
SELECT 'contact_company' AS object, source_key, 'present' AS field, 'true' AS value FROM target.contact_companies;

CREATE OR REPLACE TEMP VIEW expected_company AS
SELECT 'company' AS object, c.source_key, f.field, f.value
FROM target.companies c CROSS JOIN unnest([
    {'field': 'present', 'value': 'true'},
    {'field': 'company_id', 'value': c.company_id},
    {'field': 'name', 'value': c.name},
    {'field': 'website', 'value': c.website},
    {'field': 'remote_created_at', 'value': c.remote_created_at::VARCHAR},
    {'field': 'size', 'value': c.size::VARCHAR},
    {'field': 'industry', 'value': c.industry},
    {'field': 'plan', 'value': c.plan}]) AS u(f)
UNION ALL
SELECT 'company', c.source_key, 'attribute.' || a.name, value_at(c.custom_attributes, a.name)
FROM target.companies c JOIN target.attributes a ON a.model = 'company';

CREATE OR REPLACE TEMP VIEW expected_conversation AS
SELECT 'conversation' AS object, c.source_key, f.field, f.value
FROM target.conversations c
CROSS JOIN plan.options o
LEFT JOIN verified.standing person ON person.object = 'contact' AND person.source_key = c.contact_key
LEFT JOIN verified.standing company ON company.object = 'company' AND company.source_key = c.company_key
LEFT JOIN plan.admin_ids a ON a.agent_id = c.agent_id
LEFT JOIN plan.team_ids t ON t.team_id = c.team_id
LEFT JOIN observed.fields n
    ON n.object = 'conversation' AND n.source_key = c.source_key AND n.field = 'parts_counted'
CROSS JOIN unnest([
    {'field': 'present', 'value': 'true'},
    {'field': 'title', 'value': nullif(c.title, '')},
    {'field': 'inbox_title', 'value': nullif(c.title, '')},
    {'field': 'description', 'value': nullif(c.description, '')},
    {'field': 'opening', 'value': coalesce(nullif(c.description, ''), c.title)},
    {'field': 'created_at', 'value': c.created_at::VARCHAR},
    {'field': 'contact', 'value': person.intercom_id},
    {'field': 'company', 'value': company.intercom_id},
    {'field': 'assignee_admin', 'value': a.admin_id},
    {'field': 'assignee_team', 'value': t.intercom_team_id},
    {'field': 'state', 'value': c.state},
    {'field': 'ticket_state', 'value': c.ticket_state},
    {'field': 'snoozed_until', 'value': c.snoozed_until::VARCHAR},
    {'field': 'priority', 'value': CASE WHEN o.native_priority THEN coalesce(c.priority, 'none') END},
    {'field': 'tags', 'value': as_list(c.tags)},
    -- All parts that Intercom says there are must be among those that it gives.
    {'field': 'part_counter', 'value': n.value}]) AS u(f)
WHERE f.field <> 'priority' OR o.native_priority
UNION ALL
SELECT 'conversation', c.source_key, 'attribute.' || a.name, value_at(c.attributes, a.name)
FROM target.conversations c JOIN target.attributes a ON a.model = 'ticket';

-- A part as it is written: by whoever stands in for its author, with the author's name in words then.
CREATE OR REPLACE TEMP VIEW expected_part AS
WITH every AS (
    SELECT source_key, conversation_key, author_kind, author_key, kind, body, created_at, files_of,
        json_extract_string(payload::JSON, '$.body') AS said
    FROM target.parts
    UNION ALL
    SELECT source_key, conversation_key, author_kind, author_key, kind, body, created_at, source_key, NULL
    FROM plan.late_parts
)
SELECT 'part' AS object, p.source_key, f.field, f.value, coalesce(x.tied, FALSE) AS tied, p.said, p.files_of
FROM every p
CROSS JOIN plan.own_admins own
LEFT JOIN verified.standing person
    ON p.author_kind = 'contact' AND person.object = 'contact' AND person.source_key = p.author_key
LEFT JOIN plan.admin_ids a ON p.author_kind = 'admin' AND a.agent_id = p.author_key
LEFT JOIN target.admins agent ON p.author_kind = 'admin' AND agent.source_key = p.author_key
LEFT JOIN verified.part_order x ON x.source_key = p.source_key
CROSS JOIN unnest([
    {'field': 'present', 'value': 'true'},
    {'field': 'conversation', 'value': p.conversation_key},
    {'field': 'author', 'value': CASE
        WHEN p.author_kind = 'contact' THEN 'contact ' || person.intercom_id
        ELSE 'admin ' || CASE WHEN p.author_key IS NULL THEN own.migration_admin_id ELSE a.admin_id END END},
    {'field': 'kind', 'value': p.kind},
    {'field': 'created_at', 'value': p.created_at::VARCHAR},
    {'field': 'order', 'value': x.expected::VARCHAR},
    {'field': 'text', 'value': CASE WHEN a.via = 'fallback' THEN
        '<p><b>Originally by ' || in_html(coalesce(agent.name, 'unknown agent'))
        || coalesce(' &lt;' || in_html(nullif(agent.email, '')) || '&gt;', '') || ' (ITCO)</b></p>' ELSE '' END
        || p.body}]) AS u(f);

CREATE OR REPLACE TEMP VIEW expected_attachment AS
SELECT 'attachment' AS object, f.attachment_key AS source_key, u.f.field, u.f.value
FROM plan.files f
JOIN target.attachments t ON t.source_key = f.attachment_key
CROSS JOIN unnest([
    {'field': 'present', 'value': 'true'},
    {'field': 'part', 'value': f.part_key},
    {'field': 'name', 'value': t.name},
    {'field': 'content_type', 'value': t.content_type},
    {'field': 'filesize', 'value': t.size::VARCHAR}]) AS u(f)
WHERE f.sent;
