-- Tells whose data this is, and sees to it that new entries stand behind all
-- that the caller has seen: a server that took over without the newest entries,
-- and whose clock is behind, would give out their ids again.
--
-- KEYS[1] stream, ARGV[1] highest entry id the caller has seen, 0-0 for none
-- Returns the replication id, "" where the server doesn't tell, and 1 if ids had to be moved.
local replication, moved = '', 0
local info = redis.pcall('INFO', 'replication')
if type(info) == 'string' then replication = string.match(info, 'master_replid:(%x+)') or '' end
if ARGV[1] ~= '0-0' and redis.call('EXISTS', KEYS[1]) == 1 then
  local stream, last = redis.call('XINFO', 'STREAM', KEYS[1]), '0-0'
  for i = 1, #stream - 1, 2 do
    if stream[i] == 'last-generated-id' then last = stream[i + 1] end
  end
  if less(last, ARGV[1]) then
    redis.call('XACK', KEYS[1], '', '0-0') -- before what takes memory, see lease.lua
    redis.pcall('XSETID', KEYS[1], ARGV[1]) -- not on every server, and then there is no failover
    moved = 1
  end
end
return { replication, moved }
