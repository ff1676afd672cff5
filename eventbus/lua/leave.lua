-- Removes a consumer from its group unless entries are pending on it, which
-- removing it would lose.
--
-- KEYS[1] stream, ARGV[1] group, ARGV[2] consumer
local p = redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2])
if #p > 0 then return 0 end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1
