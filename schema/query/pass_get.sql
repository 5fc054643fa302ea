-- What did the last pass over this cluster read, and what do all come to?
SELECT rows, took_ms, swept, passes, all_rows, all_ms
FROM pass
WHERE cluster = :cluster;
