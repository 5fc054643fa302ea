-- What is this QOS called?
SELECT name FROM qos_table WHERE id = ?
