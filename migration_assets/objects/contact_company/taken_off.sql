-- Companies of contacts in scope that are theirs no more; what leads to a company that is deleted in source stays.
SELECT a.*, 0 AS step FROM put_on a
SEMI JOIN (FROM target.contacts WHERE NOT withheld) c ON c.source_key = a.parent_key
SEMI JOIN (FROM plan.scope WHERE object = 'contact') s ON s.source_key = a.parent_key
-- A link's key is the contact's and the company's, with a bar between them.
SEMI JOIN target.companies k ON k.source_key = substr(a.source_key, len(a.parent_key) + 2)
ANTI JOIN target.contact_companies l ON l.source_key = a.source_key
WHERE a.object = 'contact_company'
