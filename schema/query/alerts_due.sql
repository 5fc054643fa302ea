-- What is a channel to tell now?
SELECT alert_id, what, event_id, about, at, tries
FROM alert INDEXED BY alert_pending
WHERE channel = :channel
	AND
-- include alert_due.inc
ORDER BY alert_id
LIMIT :limit;
