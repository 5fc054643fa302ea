-- A channel need not be told of this any more, if it was not.
UPDATE alert
SET state = 'withdrawn'
WHERE channel = :channel
	AND event_id = 0
	AND what = :what
	AND about = :about
	AND state = 'pending'
	AND tries = 0;
