-- What of the chain is pruned?
SELECT entry_id, content_sha256
FROM entry
WHERE
-- include prunable.inc
ORDER BY entry_id;
