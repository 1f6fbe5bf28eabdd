-- What others have written or done in our conversations since; a SELECT of hypercare's foreign_parts.
-- In: plan.journal, plan.own_admins, observed.ticket_parts, in_hypercare(since, now).
SELECT 'conversation' AS object, o.source_key, p.ticket_id AS intercom_id, p.part_id, p.part_type, p.created_at, p.said,
    p.redacted, p.author_type IN ('user', 'contact', 'lead') AS by_customer,
    p.author_type IN ('admin', 'team') AND p.author_id IS DISTINCT FROM a.migration_admin_id AS by_colleague
FROM observed.ticket_parts p
JOIN plan.journal o ON o.object = 'conversation' AND o.operation = 'create' AND o.intercom_id = p.ticket_id
ANTI JOIN plan.journal j ON j.object = 'part' AND j.intercom_id = p.part_id
CROSS JOIN in_hypercare h
CROSS JOIN plan.own_admins a
WHERE p.created_at >= h.since
