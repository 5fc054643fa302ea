-- What is a channel to tell now? What follows on an event waits for the event.
SELECT alert_id, what, event_id, about, at, tries
FROM alert INDEXED BY alert_pending
WHERE channel = :channel
	AND state = 'pending'
	AND next <= :now
	AND (what = 'incident' OR event_id = 0 OR NOT EXISTS (
		SELECT 1
		FROM alert AS first
		WHERE first.channel = alert.channel
			AND first.event_id = alert.event_id
			AND first.what = 'incident'
			AND first.state = 'pending'
			AND first.next > :now))
ORDER BY alert_id
LIMIT :limit;
