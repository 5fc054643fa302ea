-- This became known of the incident.
INSERT INTO entry (incident_id, at, kind, content)
VALUES (:incident_id, :at, :kind, :content);
