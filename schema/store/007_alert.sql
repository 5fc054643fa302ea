-- What people are to be told, and what came of that.

-- A thing that happened, for one channel of watcher.conf: ids and no texts, as
-- the words are made when it is told. what is a word of store.h. about tells
-- apart what may happen to an event more than once, or is of no event: an entry
-- of the chain, or a span. Times are this host's clock. next: when it is tried
-- (again); status is the exit status of the last try, NULL where there was none;
-- trouble, what failed.
CREATE TABLE alert (
	alert_id INTEGER PRIMARY KEY AUTOINCREMENT,
	channel TEXT NOT NULL,
	what TEXT NOT NULL,
	event_id INTEGER NOT NULL,
	about INTEGER NOT NULL,
	at INTEGER NOT NULL,
	state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN (
		'pending', 'delivered', 'given-up', 'withdrawn')),
	next INTEGER NOT NULL,
	tries INTEGER NOT NULL DEFAULT 0,
	tried_at INTEGER NOT NULL DEFAULT 0,
	status INTEGER,
	trouble TEXT NOT NULL DEFAULT '',
	UNIQUE (channel, event_id, what, about)
);

CREATE INDEX alert_pending ON alert (channel, next)
WHERE state = 'pending';
CREATE INDEX alert_event ON alert (event_id);

-- Up to which entry the chain was looked at for this. What an older version
-- recorded is not told.
CREATE TABLE alert_looked (
	alert_looked_id INTEGER PRIMARY KEY CHECK (alert_looked_id = 1),
	entry_id INTEGER NOT NULL
);

INSERT INTO alert_looked (alert_looked_id, entry_id)
SELECT 1, coalesce(max(entry_id), 0)
FROM entry;
