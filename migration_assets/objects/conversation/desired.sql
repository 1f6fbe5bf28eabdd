-- The writes of the conversations in scope: their creation, and what is set on them later, each in a step of its own.
WITH assigned AS (
    -- Who is really written for the agent decides the payload, so it is part of the fingerprint.
    SELECT
        c.*,
        CASE WHEN a.via = 'fallback' THEN c.agent_id || '|fallback' ELSE c.agent_id END AS admin,
        CASE WHEN t.team_id IS NOT NULL OR o.unmatched <> 'fallback' THEN c.team_id END AS team,
        o.route, o.native_priority
    FROM target.conversations c
    SEMI JOIN (FROM plan.scope WHERE object = 'conversation') s ON s.source_key = c.source_key
    CROSS JOIN plan.options o
    LEFT JOIN plan.admin_ids a ON a.agent_id = c.agent_id
    LEFT JOIN plan.team_ids t ON t.team_id = c.team_id
),
written AS (
    SELECT
        *, 'create' AS operation, 0 AS step,
        CASE route
            WHEN 'ticket' THEN sha256(to_json({
                title: title, description: description, contact: contact_key, company: company_key,
                created_at: created_at, admin: admin, team: team, attributes: attributes})::VARCHAR)
            ELSE sha256(to_json({
                description: coalesce(said, description), contact: contact_key, created_at: created_at})::VARCHAR)
        END AS mark
    FROM assigned
    UNION ALL
    -- The conversation route sets everything that POST /conversations does not take in a step of its own.
    SELECT
        *, 'update', 1000000,
        sha256(to_json({title: title, company: company_key, admin: admin, team: team, attributes: attributes,
            description: description})::VARCHAR)
    FROM assigned WHERE route = 'conversation'
    UNION ALL
    SELECT *, 'priority', 3000000, sha256(priority) FROM assigned WHERE native_priority AND priority IS NOT NULL
    UNION ALL
    SELECT
        *, 'settle', 4000000,
        sha256(to_json({state: state, ticket_state: ticket_state, snoozed_until: snoozed_until})::VARCHAR)
    FROM assigned
)
SELECT 'conversation' AS object, source_key, contact_key AS parent_key, operation, step, mark AS fingerprint,
    'conversation' AS record_object, source_key AS record_key
FROM written
