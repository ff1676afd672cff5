-- Takes over entries that nobody has handled for a while.
--
-- KEYS[1] stream
-- ARGV[1] group, ARGV[2] consumer, ARGV[3] idle milliseconds, ARGV[4] cursor, ARGV[5] count
-- Returns the next cursor, the ids of entries that had vanished, and for each claimed entry
-- its id, deliveries so far (this one included) and fields.
local r = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], 'COUNT', ARGV[5])
local out, vanished = {}, r[3] or {}
for _, entry in ipairs(r[2]) do
  if entry and entry[2] then
    local p = redis.call('XPENDING', KEYS[1], ARGV[1], entry[1], entry[1], 1)
    out[#out + 1] = { entry[1], p[1] and p[1][4] or 1, entry[2] }
  end
end
return { r[1], vanished, out }
