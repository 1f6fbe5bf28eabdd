-- Which records are planned of an object whose first records a limit takes. In: its records, plan.options.
INSERT INTO plan.scope
SELECT '{object}', t.source_key
FROM {records} t CROSS JOIN plan.options o
WHERE {where}
QUALIFY o."limit" IS NULL OR row_number() OVER (ORDER BY t.{limited_by}, t.source_key) <= o."limit";
