-- Stops publishing to a shard for a while, so that it can be drained, or lets it
-- go on.
--
-- KEYS[1] layout, KEYS[2] stream, KEYS[3] checkpoints
-- ARGV[1] who seals, ARGV[2] milliseconds, 0 to let it go on, ARGV[3] epoch,
-- ARGV[4] group that needs not have drained, ARGV[5] "1" if this shard's epoch decides; that of
-- another may be the next one or an old one, by a change that was left half-way
-- Returns the groups that have not handled all that stands in the stream, those that have,
-- and 1 if anything stands there; an error when another seals it or the epoch is another's.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local l = redis.call('HMGET', KEYS[1], 'epoch', 'seal', 'until')
local ahead = l[1] and tonumber(l[1]) - tonumber(ARGV[3]) or 0
if ahead > 1 or (ARGV[5] == '1' and ahead ~= 0) then
  return redis.error_reply('LAYOUT the shards have been changed')
end
local sealed = l[3] and tonumber(l[3]) - now or 0
if l[2] ~= ARGV[1] and sealed > 0 and sealed <= 60000 then -- see admit.lua
  return redis.error_reply('SEALED by another')
end
if ARGV[2] == '0' then
  redis.call('HDEL', KEYS[1], 'seal', 'until')
  return { {}, {}, 0 }
end
redis.call('HSET', KEYS[1], 'seal', ARGV[1], 'until', string.format('%.0f', now + ARGV[2]))
local behind, done = {}, {}
-- How far a group has come, from where on nothing may stand there.
local function reached(name, id, pending)
  if pending > 0 or #redis.call('XRANGE', KEYS[2], '(' .. id, '+', 'COUNT', 1) > 0 then
    behind[#behind + 1] = name
  else
    done[#done + 1] = name
  end
end
if redis.call('EXISTS', KEYS[2]) == 0 then return { behind, done, 0 } end
local there = {}
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[2])) do
  local g = {}
  for i = 1, #info - 1, 2 do g[info[i]] = info[i + 1] end
  there[g.name] = true
  if g.name ~= ARGV[4] then reached(g.name, g['last-delivered-id'], g.pending) end
end
-- A group that is lost will be made anew at its checkpoint.
local checkpoints = redis.call('HGETALL', KEYS[3])
for i = 1, #checkpoints - 1, 2 do
  if not there[checkpoints[i]] then reached(checkpoints[i], checkpoints[i + 1], 0) end
end
return { behind, done, math.min(1, redis.call('XLEN', KEYS[2])) }
