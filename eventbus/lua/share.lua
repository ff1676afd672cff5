-- Shares logs out among the members that carry them into the lake: each alive member holds a fair
-- share, those logs first that it held before.
--
-- KEYS[1] hash of members, until when each is alive; KEYS[2] hash of logs, who holds each
-- ARGV[1] member, ARGV[2] for how many milliseconds it holds them, ARGV[3...] the logs that it
-- would carry, sorted; without any it gives up all and leaves
-- Returns the logs that it holds.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local member, ttl = ARGV[1], tonumber(ARGV[2])

redis.call('HDEL', KEYS[1], '') -- before what takes memory, see commit.lua
local alive, count = {}, 0
local function join(name)
  if not alive[name] then
    alive[name], count = true, count + 1
  end
end
local members = redis.call('HGETALL', KEYS[1])
for i = 1, #members, 2 do
  if members[i] ~= member then
    local left = tonumber(members[i + 1]) - now
    if left > 0 and left <= math.max(10 * ttl, 600000) then -- a longer one is by a clock that was ahead
      join(members[i])
    else
      redis.call('HDEL', KEYS[1], members[i])
    end
  end
end
if #ARGV > 2 then
  join(member)
  redis.call('HSET', KEYS[1], member, string.format('%.0f', now + ttl))
else
  redis.call('HDEL', KEYS[1], member)
end

local owner = {}
local owners = redis.call('HGETALL', KEYS[2])
for i = 1, #owners, 2 do
  owner[owners[i]] = owners[i + 1]
end
local own, free = {}, {}
for i = 3, #ARGV do
  local holder = owner[ARGV[i]]
  if holder == member then
    own[#own + 1] = ARGV[i]
  elseif not holder or not alive[holder] then
    free[#free + 1] = ARGV[i]
  end
end
local share = math.ceil((#ARGV - 2) / math.max(count, 1))
local mine, holds = {}, {}
for _, list in ipairs({ own, free }) do
  for _, log in ipairs(list) do
    if #mine < share then
      mine[#mine + 1], holds[log] = log, true
      redis.call('HSET', KEYS[2], log, member)
    end
  end
end
for log, holder in pairs(owner) do
  if holder == member and not holds[log] then
    redis.call('HDEL', KEYS[2], log)
  end
end
for i = 1, 2 do
  redis.call('PEXPIRE', KEYS[i], 100 * ttl)
end
return mine
