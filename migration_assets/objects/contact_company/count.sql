-- Which links of ours the contacts show. In: observed.found (both of Intercom's ids, or the contact's and a star where
-- its list may be cut off), plan.journal. Out: observed.contact_companies.
-- A contact whose list may be cut off may have more: its links are counted as the journal has them.
CREATE OR REPLACE TABLE observed.contact_companies AS
SELECT DISTINCT l.source_key, coalesce(exact.source_key, j.intercom_id) AS intercom_id
FROM target.contact_companies l
JOIN plan.journal contact ON contact.object = 'contact' AND contact.source_key = l.contact_key
    AND contact.operation = 'create'
JOIN plan.journal company ON company.object = 'company' AND company.source_key = l.company_key
LEFT JOIN observed.found exact ON exact.source_key = contact.intercom_id || '|' || company.intercom_id
LEFT JOIN observed.found cut ON cut.source_key = contact.intercom_id || '|*'
LEFT JOIN plan.journal j ON j.object = 'contact_company' AND j.source_key = l.source_key
    AND cut.source_key IS NOT NULL AND j.state = 'confirmed'
WHERE exact.source_key IS NOT NULL OR j.intercom_id IS NOT NULL;

DROP TABLE observed.found;
