-- Is there any incident of that name, of what a filter calls :filter? Reads all
-- of them if there is none.
SELECT 1
FROM incident
WHERE CASE :filter
	WHEN 'user' THEN user = :name OR CAST(uid AS TEXT) = :name
	WHEN 'account' THEN account = :name
	WHEN 'partition' THEN instr(',' || partition || ',', ',' || :name || ',')
	WHEN 'cluster' THEN cluster = :name
	END
LIMIT 1;
