SELECT 'agents' AS object, _row AS row, agent_id AS key, 'admins' AS target_object, agent_id AS target_key,
    'load' AS disposition, NULL AS reason
FROM clean.agents
