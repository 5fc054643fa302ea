-- What was sealed?
SELECT at, entry_id, hash, spans, told_at, signature
FROM seal;
