-- Makes a consumer group, at its checkpoint if it has one: a group that was
-- lost goes on where it was, neither at the end of the stream nor at its start.
--
-- KEYS[1] stream, KEYS[2] checkpoints
-- ARGV[1] group, ARGV[2] where a new group starts: an entry id or "$", ARGV[3] how far the
-- caller knows the group to have been, "" when it doesn't
-- Returns 0 when the group was there, 1 when it was made new, 2 when it was made anew, 3 when
-- it was made anew for a stream that had been replaced; and where it stands, "" for 0.
local last = '0-0'
local info = redis.call('EXISTS', KEYS[1]) == 1 and redis.call('XINFO', 'STREAM', KEYS[1]) or {}
for i = 1, #info - 1, 2 do
  if info[i] == 'last-generated-id' then last = info[i + 1] end
end

local start, made = redis.call('HGET', KEYS[2], ARGV[1]), 2
if not start and ARGV[3] ~= '' then start = ARGV[3] end
if start and less(last, start) then
  -- The group was farther than this stream has ever been: it is another one,
  -- and all that stands in it is new.
  start, made = '0-0', 3
end
if not start then
  start, made = ARGV[2], 1
  if start == '$' then start = last end
end
redis.call('XACK', KEYS[1], ARGV[1], '0-0') -- before what takes memory, see lease.lua
local r = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], start, 'MKSTREAM')
if type(r) == 'table' and r.err then
  if string.find(r.err, 'BUSYGROUP') then return { 0, '' } end
  return r
end
redis.call('HSET', KEYS[2], ARGV[1], start)
return { made, start }
