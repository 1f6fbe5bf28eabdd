-- What the expected values are put into words with; gone with the connection.
CREATE OR REPLACE TEMP MACRO value_at(attributes, name) AS
    nullif(json_extract_string(attributes::JSON, '$."' || name || '"'), '');
CREATE OR REPLACE TEMP MACRO as_list(texts) AS nullif(array_to_string(list_sort(list_distinct(texts)), ', '), '');
CREATE OR REPLACE TEMP MACRO in_html(x) AS
    replace(replace(replace(replace(replace(x, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#x27;');
