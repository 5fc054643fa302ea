-- Forget jobs that others cancelled before a time.
DELETE FROM not_owner
WHERE ended < :before;
