-- Say more of why there was a gap, or what came of it.
UPDATE coverage
SET reason = reason || :note
WHERE id = :id;
