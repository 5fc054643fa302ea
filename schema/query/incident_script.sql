-- The script of an incident's job came later than its row.
UPDATE incident
SET script_sha256 = :sha256
WHERE incident_id = :incident_id
	AND script_sha256 = '';
