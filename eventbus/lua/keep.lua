-- Tells the group that a consumer is still at work on entries, so that nobody
-- takes them over.
--
-- KEYS[1] stream, ARGV[1] group, ARGV[2] consumer, then entry ids
-- Returns how many are still the consumer's.
local held = 0
for i = 3, #ARGV do
  local p = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)
  if p[1] and p[1][2] == ARGV[2] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'RETRYCOUNT', p[1][4], 'JUSTID')
    held = held + 1
  end
end
return held
