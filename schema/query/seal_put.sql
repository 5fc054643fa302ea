-- The chain ends here now, and this is being watched.
INSERT INTO seal (
	seal_id, at, entry_id, hash, spans, told_at, signature, sha256)
VALUES (1, :at, :entry_id, :hash, :spans, :told_at, :signature, :sha256)
ON CONFLICT (seal_id) DO UPDATE SET
	at = excluded.at,
	entry_id = excluded.entry_id,
	hash = excluded.hash,
	spans = excluded.spans,
	told_at = excluded.told_at,
	signature = excluded.signature,
	sha256 = excluded.sha256;
