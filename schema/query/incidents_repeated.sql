-- In how many of some spans of time did users have confirmed incidents? owners:
-- a JSON array of arrays, each a user's number, a cluster and the uid there;
-- spans: of arrays of since and until. The lists are JSON arrays, NULL for any.
WITH owner AS (
	SELECT json_extract(value, '$[0]') AS number,
		json_extract(value, '$[1]') AS cluster,
		json_extract(value, '$[2]') AS uid
	FROM json_each(:owners)
), span AS (
	SELECT json_extract(value, '$[0]') AS since,
		json_extract(value, '$[1]') AS until
	FROM json_each(:spans)
)
SELECT number, count(DISTINCT since)
FROM owner, span
WHERE EXISTS (
	SELECT 1
	FROM incident
	WHERE incident.cluster = owner.cluster
		AND incident.uid = owner.uid
		AND ended >= since
		AND ended < until
		AND (confidence = 'confirmed' OR correction = 'confirmed')
		AND correction NOT IN ('cleared', 'alive')
		AND exempt = ''
		AND (:accounts IS NULL
			OR account IN (SELECT value FROM json_each(:accounts)))
		AND (:partitions IS NULL OR EXISTS (
			SELECT 1 FROM json_each(:partitions)
			WHERE instr(',' || partition || ',',
				',' || value || ',')))
		AND (:kinds IS NULL
			OR kind IN (SELECT value FROM json_each(:kinds)))
)
GROUP BY number;
