-- Which incidents of a period are asked for? The lists are JSON arrays, NULL
-- for any.
SELECT *
FROM incident
WHERE ended >= :since
	AND ended < :until
	AND (:suspected OR confidence = 'confirmed' OR correction <> '')
	AND (:corrected OR correction NOT IN ('cleared', 'alive'))
	AND (:exempt OR exempt = '')
	AND (NOT :open OR (restored_at = 0 AND acknowledged_at = 0))
	AND (:clusters IS NULL
		OR cluster IN (SELECT value FROM json_each(:clusters)))
	AND (:users IS NULL
		OR user IN (SELECT value FROM json_each(:users))
		OR CAST(uid AS TEXT) IN (SELECT value FROM json_each(:users)))
	AND (:accounts IS NULL
		OR account IN (SELECT value FROM json_each(:accounts)))
	AND (:partitions IS NULL OR EXISTS (
		SELECT 1 FROM json_each(:partitions)
		WHERE instr(',' || partition || ',', ',' || value || ',')))
	AND (:kinds IS NULL
		OR kind IN (SELECT value FROM json_each(:kinds)))
ORDER BY ended, incident_id;
