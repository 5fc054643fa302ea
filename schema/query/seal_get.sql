-- What was sealed?
SELECT at, entry_id, hash, spans, told_at, signature, sha256,
	(SELECT count(*) FROM seal)
FROM seal
WHERE seal_id = 1;
