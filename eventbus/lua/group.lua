-- Makes a consumer group, at its checkpoint if it has one: a group that was
-- lost goes on where it was, neither at the end of the stream nor at its start.
--
-- KEYS[1] stream, KEYS[2] checkpoints
-- ARGV[1] group, ARGV[2] where a new group starts: an entry id or "$"
-- Returns 0 when the group was there, 1 when it was made new, 2 when it was made anew.
local start, made = redis.call('HGET', KEYS[2], ARGV[1]), 2
if not start then
  start, made = ARGV[2], 1
  if start == '$' then
    start = '0-0'
    local info = redis.call('EXISTS', KEYS[1]) == 1 and redis.call('XINFO', 'STREAM', KEYS[1]) or {}
    for i = 1, #info - 1, 2 do
      if info[i] == 'last-generated-id' then start = info[i + 1] end
    end
  end
end
local r = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], start, 'MKSTREAM')
if type(r) == 'table' and r.err then
  if string.find(r.err, 'BUSYGROUP') then return 0 end
  return r
end
redis.call('HSET', KEYS[2], ARGV[1], start)
return made
