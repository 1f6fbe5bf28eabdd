-- Contacts that stand in for somebody whose row is in quarantine.
SELECT 'contact' AS object, source_key, 0 AS rank, 'customer_quarantined' AS reason
FROM target.contacts WHERE withheld
