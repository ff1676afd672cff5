-- Counts a delivery of entries that were taken over, just before their handler
-- is called.
--
-- KEYS[1] stream, ARGV[1] group, ARGV[2] consumer, then per entry its id and the
-- deliveries to set
-- Returns for each entry 1, or 0 when it is no longer the consumer's.
local out = {}
for i = 3, #ARGV, 2 do
  local p = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)
  if p[1] and p[1][2] == ARGV[2] then
    if p[1][4] < tonumber(ARGV[i + 1]) then -- else the call comes late, and the entry has been begun since
      redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'RETRYCOUNT', ARGV[i + 1], 'JUSTID')
    end
    out[#out + 1] = 1
  else
    out[#out + 1] = 0
  end
end
return out
