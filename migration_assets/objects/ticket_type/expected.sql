-- The ticket type that the mapping names.
SELECT ticket_type AS source_key, ticket_type AS name FROM plan.options
