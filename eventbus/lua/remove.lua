-- Removes a consumer group that nobody needs any more, and the checkpoint by which it would be
-- made anew: both hold back trimming.
--
-- KEYS[1] stream, KEYS[2] checkpoints, KEYS[3] the group's lease of the shard
-- ARGV[1] group, ARGV[2] milliseconds within which a consumer that is at work has read,
-- ARGV[3] those within which one has told that it works on entries
-- Returns 1, 0 when there was no such group, -1 when a consumer of it is at work.
if redis.call('EXISTS', KEYS[3]) == 1 then return -1 end
local there = false
if redis.call('EXISTS', KEYS[1]) == 1 then
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    for i = 1, #info - 1, 2 do
      if info[i] == 'name' and info[i + 1] == ARGV[1] then there = true end
    end
  end
end
if there then
  for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
    local c = {}
    for i = 1, #info - 1, 2 do c[info[i]] = info[i + 1] end
    if string.sub(c.name, 1, 1) ~= '~' and c.idle < tonumber(c.pending > 0 and ARGV[3] or ARGV[2]) then return -1 end
  end
  redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1])
end
local known = redis.call('HDEL', KEYS[2], ARGV[1])
if there or known == 1 then return 1 end
return 0
