-- Settles entries in one step: acknowledges, moves dead ones, sets the time of
-- the next try, and keeps the group's checkpoint.
--
-- KEYS[1] stream, KEYS[2] dead letters, KEYS[3] checkpoints
-- ARGV[1] group, ARGV[2] consumer, ARGV[3] last id read by the caller or "",
-- ARGV[4] entries to acknowledge, ARGV[5] entries to retry, ARGV[6] dead ones, ARGV[7] "1" to
-- write also where there is no memory, then
--   per entry to acknowledge: id
--   per entry to retry:       id, idle milliseconds to set, deliveries to set, name to wait under, the delivery it is about
--   per dead one:             id, number of field and value strings, these
-- Returns how many were acknowledged, put back and moved.
local group, consumer, i = ARGV[1], ARGV[2], 8
if ARGV[7] == '1' then redis.call('XACK', KEYS[1], group, '0-0') end -- see lease.lua
local ack = {}
for k = 1, tonumber(ARGV[4]) do
  ack[k] = ARGV[i]
  i = i + 1
end
local again = 0
for _ = 1, tonumber(ARGV[5]) do
  -- An entry that another consumer has taken over meanwhile is left to it, and one that this one has
  -- begun again to that: the call may come late, after another that said the same.
  local p = redis.call('XPENDING', KEYS[1], group, ARGV[i], ARGV[i], 1)
  if p[1] and p[1][2] == consumer and p[1][4] <= tonumber(ARGV[i + 4]) then
    redis.call('XCLAIM', KEYS[1], group, ARGV[i + 3], 0, ARGV[i], 'IDLE', ARGV[i + 1], 'RETRYCOUNT', ARGV[i + 2], 'JUSTID')
    again = again + 1
  end
  i = i + 5
end
local dead = 0
for _ = 1, tonumber(ARGV[6]) do
  local id, n = ARGV[i], tonumber(ARGV[i + 1])
  -- The letter is written before the entry is acknowledged: should the server
  -- refuse it for want of memory, the entry stays.
  local p = redis.call('XPENDING', KEYS[1], group, id, id, 1)
  if p[1] and p[1][2] == consumer then
    redis.call('XADD', KEYS[2], '*', unpack(ARGV, i + 2, i + 1 + n))
    redis.call('XACK', KEYS[1], group, id)
    dead = dead + 1
  end
  i = i + 2 + n
end
local acked = 0
if #ack > 0 then
  acked = redis.call('XACK', KEYS[1], group, unpack(ack))
end

-- The checkpoint is where the group is made anew should it be lost: before the
-- oldest pending entry, or behind the last one read when nothing is pending.
local pending = redis.call('XPENDING', KEYS[1], group)
local checkpoint = ARGV[3]
if tonumber(pending[1]) > 0 then
  local ms, seq = string.match(pending[2], '^(%d+)-(%d+)$')
  if seq == '0' or #seq > 15 then
    checkpoint = string.format('%.0f-18446744073709551615', tonumber(ms) - 1)
  else
    checkpoint = string.format('%s-%.0f', ms, tonumber(seq) - 1)
  end
end
if checkpoint ~= '' then redis.call('HSET', KEYS[3], group, checkpoint) end
return { acked, again, dead }
