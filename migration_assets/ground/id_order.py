"""The order of ids, for SQL: 1, 2, 10 in this order, whatever stands before or between the digits."""

ID_ORDER = r"""
CREATE OR REPLACE TEMP MACRO id_order(x) AS
    array_to_string(list_transform(regexp_extract_all(x, '\d+|\D+'),
        lambda p: CASE WHEN regexp_full_match(p, '\d+') THEN lpad(p, greatest(length(p), 20)::INTEGER, '0') ELSE p END),
        '');
"""
"""SQL that makes the macro `id_order(text)`: what it returns sorts as the ids are counted."""
