-- Which spans are being watched, as the lines of the seal?
SELECT coverage.cluster || ' ' || since || ' ' || until || char(10)
FROM coverage
JOIN (
	SELECT max(id) AS id
	FROM coverage
	WHERE how IN ('watched', 'gap')
	GROUP BY cluster
) USING (id)
WHERE how = 'watched'
ORDER BY coverage.cluster;
