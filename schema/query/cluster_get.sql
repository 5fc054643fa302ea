-- Where does the watcher stand with this cluster?
SELECT position, last_pass, sweep_next, sweep_at
FROM cluster
WHERE name = :cluster;
