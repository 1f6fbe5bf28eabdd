-- Companies that one in Intercom under the same id contradicts.
SELECT DISTINCT 'company' AS object, c.source_key, 3 AS rank, 'another_company_in_intercom' AS reason
FROM observed.contradictions c
ANTI JOIN (FROM plan.journal WHERE intercom_id IS NOT NULL) j ON j.object = 'company' AND j.source_key = c.source_key
WHERE c.object = 'company'
