-- A channel is to be told of something, once.
INSERT INTO alert (channel, what, event_id, about, at, next)
VALUES (:channel, :what, :event_id, :about, :at, :next)
ON CONFLICT (channel, event_id, what, about) DO NOTHING;
