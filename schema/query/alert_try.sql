-- An alert is about to be told, unless another is at it: if nobody says what came
-- of that, it is tried again.
UPDATE alert
SET tries = tries + 1, tried_at = :now, next = :next
WHERE alert_id = :alert_id
	AND state = 'pending'
	AND next <= :now;
