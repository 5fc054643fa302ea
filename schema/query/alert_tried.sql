-- What came of telling it.
UPDATE alert
SET state = :state, next = :next, status = :status, trouble = :trouble
WHERE alert_id = :alert_id;
