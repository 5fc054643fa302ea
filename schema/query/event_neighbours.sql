-- Which other events of this user count, from a year before this incident on? An
-- event is as sure as the surest of its incidents.
SELECT event_id, cluster, root_id, uid, min(ended) AS ended,
	iif(max(confidence = 'confirmed' OR correction = 'confirmed'),
		'confirmed', 'suspected') AS confidence
FROM incident
WHERE cluster = :cluster
	AND uid = :uid
	AND ended BETWEEN :ended - 31536000 AND :ended
	AND event_id <> :event_id
	AND exempt = ''
	AND correction NOT IN ('cleared', 'alive')
GROUP BY event_id
ORDER BY min(ended), event_id;
