-- What was protected, and since when, is told by entries of kind policy.
CREATE INDEX entry_policy ON entry (entry_id)
WHERE kind = 'policy';
