-- Takes or keeps a group's lease of a shard, or gives it back.
--
-- KEYS[1] lease, ARGV[1] consumer, ARGV[2] milliseconds, 0 to give it back
-- Returns 1 when the consumer has it, or had it until now.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  -- One that is longer than anybody's was given by a clock that was ahead. The user may not be allowed to look.
  local left, asked = redis.pcall('PTTL', KEYS[1]), tonumber(ARGV[2])
  if asked > 0 and type(left) == 'number' and left > math.max(10 * asked, 600000) then
    redis.call('PEXPIRE', KEYS[1], asked)
  end
  return 0
end
-- A server without memory refuses a script's writes unless the first frees some.
-- It must not: whoever gets the lease is who makes room.
redis.call('UNLINK', KEYS[1])
if ARGV[2] ~= '0' then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 1
