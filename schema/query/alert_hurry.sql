-- Alerts that wait longer than any setting makes them, as this host's clock was
-- ahead when they were put off, are due now.
UPDATE alert
SET at = min(at, :now), next = :now
WHERE state = 'pending'
	AND next > :far;
