-- Forget jobs that were lost before a time.
DELETE FROM coverage
WHERE how = 'lost'
	AND until < :before;
