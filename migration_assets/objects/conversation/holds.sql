-- Conversations that need an agent or a team whom Intercom lacks.
SELECT 'conversation' AS object, source_key, 1 AS rank, 'agent_not_in_intercom' AS reason
FROM (SELECT source_key, unnest(needs_agents) AS agent_id FROM target.conversations)
WHERE agent_id NOT IN (SELECT agent_id FROM plan.admin_ids)
UNION ALL
SELECT 'conversation', source_key, 2, 'team_not_in_intercom'
FROM target.conversations CROSS JOIN plan.options o
WHERE o.unmatched <> 'fallback' AND needs_team IS NOT NULL
    AND needs_team NOT IN (SELECT team_id FROM plan.team_ids)
