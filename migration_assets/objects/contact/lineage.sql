SELECT 'customers' AS object, c._row AS row, c.customer_id AS key, 'contacts' AS target_object,
    s.contact_key AS target_key,
    CASE WHEN k.rule IS NOT NULL THEN 'skipped' WHEN s.role = 'merged' THEN 'merged' ELSE 'load' END AS disposition,
    CASE
        WHEN k.rule IS NOT NULL THEN 'rule ' || k.rule
        WHEN s.role = 'merged' THEN 'the same person as a newer customer'
        WHEN n.rule IS NOT NULL THEN 'kept although rule ' || n.rule || ' fits: a loaded ticket needs the customer'
    END AS reason,
    k.rule AS skipped_by
FROM clean.customers c
LEFT JOIN target.skipped k ON k.object = 'customers' AND k."key" = c.customer_id
LEFT JOIN target.kept n ON n.object = 'customers' AND n."key" = c.customer_id
LEFT JOIN target.contact_sources s ON s.customer_id = c.customer_id AND s.role <> 'placeholder'
