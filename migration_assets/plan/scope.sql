-- Which records of one object are planned. In: its records, plan.needs, plan.options, and plan.scope of what needs it.
-- Without a limit these are all records; under one, those that others in scope need.
INSERT INTO plan.scope
SELECT '{object}', t.source_key FROM {records} t CROSS JOIN plan.options o
WHERE ({where}) AND (o."limit" IS NULL OR {unneeded})
UNION
SELECT '{object}', n.needed_key
FROM plan.needs n JOIN plan.scope s ON s.object = n.scope_object AND s.source_key = n.scope_key
WHERE n.needed_object = '{object}';
