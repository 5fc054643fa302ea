-- Forget what slurmctld's log said before a time.
DELETE FROM witness_line
WHERE at < :before;
