-- What of the chain, behind an entry, may people be told of?
SELECT entry.entry_id, entry.kind, nullif(entry.content, ''),
	coalesce(incident.event_id, 0), coalesce(incident.section, ''),
	coalesce(incident.kind, ''),
	coalesce(incident.confidence = 'confirmed'
		OR incident.correction = 'confirmed', 0)
FROM entry
LEFT JOIN incident ON incident.incident_id = entry.incident_id
WHERE entry.entry_id > :after
	AND entry.kind IN ('incident', 'confirmed', 'cleared', 'alive',
		'restored', 'restoration', 'withheld', 'followed', 'gap',
		'gap-closed', 'broken')
	AND (entry.incident_id = 0
		OR (incident.exempt = '' AND incident.found <> 'backfill'))
ORDER BY entry.entry_id;
