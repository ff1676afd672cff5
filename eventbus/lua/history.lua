-- Names the history of a shard's data: what changes when another server, or the same one after a
-- restart, may hold a different past.
--
-- KEYS[1] stream, only so that a cluster asks its server
-- Returns the replication id, or "" where the server doesn't tell.
local info = redis.pcall('INFO', 'replication')
if type(info) ~= 'string' then
  return ''
end
return string.match(info, 'master_replid:(%w+)') or ''
