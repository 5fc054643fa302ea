-- Where does the watcher stand with this cluster?
SELECT position, last_end, last_pass, heard, sweep_next, sweep_at
FROM cluster
WHERE name = :cluster;
