-- Up to where was the chain looked at for what people are to be told?
SELECT entry_id
FROM alert_looked
WHERE alert_looked_id = 1;
