-- Forget incidents that ended before a time.
DELETE FROM incident
WHERE ended < :before;
