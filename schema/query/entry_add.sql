-- The chain goes on with this.
INSERT INTO entry (
	entry_id, incident_id, at, kind, content, salt, content_sha256, hash)
VALUES (
	:entry_id, :incident_id, :at, :kind, :content, :salt, :content_sha256,
	:hash);
