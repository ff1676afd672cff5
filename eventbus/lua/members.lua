-- Keeps the list of a group's consumers, each of which must come again in time.
--
-- KEYS[1] sorted set of consumers by the time they are forgotten, ARGV[1] consumer,
-- ARGV[2] milliseconds it stays, 0 when it leaves
-- Returns all consumers.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local longest = math.max(10 * ARGV[2], 600000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now) -- before what takes memory, see lease.lua
if ARGV[2] == '0' then
  redis.call('ZREM', KEYS[1], ARGV[1])
else
  redis.call('ZREMRANGEBYSCORE', KEYS[1], now + longest, '+inf') -- by a clock that was ahead
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], longest) -- of a group that nobody comes for any more
end
return redis.call('ZRANGE', KEYS[1], 0, -1)
