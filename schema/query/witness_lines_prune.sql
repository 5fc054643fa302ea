-- What is older than this is not asked for any more.
DELETE FROM witness_line
WHERE cluster = :cluster AND at < :before;
