-- Makes the ids of a stream's entries to come greater than an id.
--
-- KEYS[1] stream
-- ARGV[1] the history that the caller means, ARGV[2] milliseconds and ARGV[3] sequence number of
-- the id, ARGV[4] a consumer group to create the stream with when there is none
-- Returns 1, or 0 when the history is another.
local info = redis.pcall('INFO', 'replication')
if type(info) ~= 'string' or string.match(info, 'master_replid:(%w+)') ~= ARGV[1] then
  return 0
end
redis.call('XACK', KEYS[1], ARGV[4], '0-0') -- before what takes memory, see commit.lua
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[4], '0', 'MKSTREAM')
end
local last = '0-0'
local stream = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #stream, 2 do
  if stream[i] == 'last-generated-id' then
    last = stream[i + 1]
  end
end
local highest = ARGV[2] .. '-' .. ARGV[3]
if less(last, highest) then redis.call('XSETID', KEYS[1], highest) end
return 1
