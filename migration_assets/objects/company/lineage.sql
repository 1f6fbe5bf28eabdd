SELECT 'companies' AS object, c._row AS row, c.company_id AS key, 'companies' AS target_object,
    s.company_key AS target_key,
    CASE WHEN k.rule IS NOT NULL THEN 'skipped' WHEN s.role = 'merged' THEN 'merged' ELSE 'load' END AS disposition,
    CASE WHEN k.rule IS NOT NULL THEN 'rule ' || k.rule
         WHEN s.role = 'merged' THEN 'the same domain as a newer company' END AS reason,
    k.rule AS skipped_by
FROM clean.companies c
LEFT JOIN target.skipped k ON k.object = 'companies' AND k."key" = c.company_id
LEFT JOIN target.company_sources s ON s.company_id = c.company_id
