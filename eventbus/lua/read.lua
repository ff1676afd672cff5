-- Reads entries that the group hasn't been given, if the consumer holds the
-- shard's lease: one that slept through the end of its lease gets none. And only
-- if the group stands where the consumer believes: a read whose answer was lost
-- may have moved it, even after the consumer gave up waiting, and what that read
-- gave comes first.
--
-- KEYS[1] stream, KEYS[2] lease
-- ARGV[1] group, ARGV[2] consumer, ARGV[3] count, ARGV[4] id of the last entry the group was given,
-- ARGV[5] how many bytes of events are enough
-- Returns lists of entries; when there are none, the id behind which the next will
-- stand; 0 when the lease is lost; 1 when the group stands elsewhere.
if redis.call('GET', KEYS[2]) ~= ARGV[2] then return 0 end
local found = false
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local g = {}
  for i = 1, #info - 1, 2 do g[info[i]] = info[i + 1] end
  if g.name == ARGV[1] then
    found = true
    if g['last-delivered-id'] ~= ARGV[4] then return 1 end
  end
end
if not found then return redis.error_reply('NOGROUP the group is gone') end
-- A few at a time until that is enough: large ones take Redis time and memory, which others lack meanwhile.
local lists, n, bytes, count, enough = {}, 0, 0, tonumber(ARGV[3]), tonumber(ARGV[5])
while n < count and bytes < enough do
  local few = math.min(64, count - n)
  local r = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', few, 'STREAMS', KEYS[1], '>')
  local list = r and r[1] and r[1][2] or {}
  for _, e in ipairs(list) do bytes = bytes + #e[2][2] end
  if #list > 0 then lists[#lists + 1] = list end
  n = n + #list
  if #list < few then break end
end
if n > 0 then return lists end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info - 1, 2 do
  if info[i] == 'last-generated-id' then return info[i + 1] end
end
return '0-0'
