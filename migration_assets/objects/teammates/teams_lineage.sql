SELECT 'teams' AS object, _row AS row, team_id AS key, 'teams' AS target_object, team_id AS target_key,
    'load' AS disposition, NULL AS reason
FROM clean.teams
