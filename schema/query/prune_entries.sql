-- Take their content from the entries that are pruned; their hashes stay.
UPDATE entry
SET content = '', salt = NULL
WHERE
-- include prunable.inc
;
