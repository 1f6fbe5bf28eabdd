-- Contacts that stand in for somebody whose row is in quarantine, and those that one in Intercom contradicts.
SELECT 'contact' AS object, source_key, 0 AS rank, 'customer_quarantined' AS reason
FROM target.contacts WHERE withheld
UNION ALL
SELECT DISTINCT 'contact', c.source_key, 3, 'another_contact_in_intercom'
FROM observed.contradictions c
ANTI JOIN (FROM plan.journal WHERE intercom_id IS NOT NULL) j ON j.object = 'contact' AND j.source_key = c.source_key
WHERE c.object = 'contact'
