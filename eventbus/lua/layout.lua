-- Sets the layout of the shards as one shard knows it, or tells it.
--
-- KEYS[1] layout
-- ARGV[1] who has sealed the shard, "" to set the layout only if there is none
-- ARGV[2] epoch, ARGV[3] over how many shards events are spread, ARGV[4] how many shards
-- there are or were; absent to ask only
-- Returns the epoch, shards and most that hold now, nothing when there is no layout; an error when the seal ended before,
-- unless the shard was told the same already, by a call whose answer was lost.
local l = redis.call('HMGET', KEYS[1], 'epoch', 'shards', 'most', 'seal', 'until')
if not ARGV[2] and not l[1] then return {} end
if not ARGV[2] then return { l[1], l[2], l[3] } end
if ARGV[1] == '' then
  if l[1] then return { l[1], l[2], l[3] } end
else
  local t = redis.call('TIME')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  if l[4] ~= ARGV[1] or tonumber(l[5]) <= now then
    if l[1] == ARGV[2] and l[2] == ARGV[3] and l[3] == ARGV[4] then return { l[1], l[2], l[3] } end
    return redis.error_reply('SEALED no longer')
  end
  redis.call('HDEL', KEYS[1], 'seal', 'until')
end
redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'shards', ARGV[3], 'most', ARGV[4])
return { ARGV[2], ARGV[3], ARGV[4] }
