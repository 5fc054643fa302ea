-- Which suspected incidents may a witness still confirm or clear?
SELECT *
FROM incident
WHERE cluster = :cluster
	AND ended >= :since
	AND confidence = 'suspected'
	AND correction = ''
ORDER BY ended, incident_id;
