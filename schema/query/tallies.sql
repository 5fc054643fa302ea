-- How many are there of what is counted?
SELECT what, cluster, partition, kind, confidence, n
FROM tally
ORDER BY what, cluster, partition, kind, confidence;
