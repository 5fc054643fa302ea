-- Which incidents of this user follow on this one, in a year?
SELECT event_id, cluster, root_id, uid, ended, confidence, correction
FROM incident
WHERE cluster = :cluster
	AND uid = :uid
	AND ended > :ended
	AND ended <= :ended + 31536000
	AND event_id <> :event_id
	AND exempt = ''
	AND correction NOT IN ('cleared', 'alive')
ORDER BY ended, incident_id;
