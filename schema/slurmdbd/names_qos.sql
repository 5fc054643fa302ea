-- Which QOS are there?
SELECT name FROM qos_table WHERE deleted = 0
