-- Appends events to a shard's stream, once each.
--
-- KEYS[1] stream, KEYS[2] and KEYS[3] dedupe hashes: the running one and the one before, KEYS[4] layout
-- ARGV[1] dedupe window in milliseconds, ARGV[2] an entry id that new ones must stand behind,
-- or "", ARGV[3] epoch of the layout by which they came here, then pairs: identity, encoded event
-- Returns one string: for each event its entry id, or "=" and the id of the
-- entry that was there before, joined by spaces; an error when the layout is another or
-- being changed.
--
-- The first write is an XADD: where the server has no memory left it fails
-- there, before anything has changed.
local n = (#ARGV - 3) / 2
local identities, events = {}, {}
for i = 1, n do
  identities[i] = ARGV[2 * i + 2]
  events[i] = ARGV[2 * i + 3]
end

-- An identity is looked up in both hashes. When the running hash has run for a
-- window it becomes the one before, so each identity is known for one to two windows.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local window = tonumber(ARGV[1])
local layout = redis.call('HMGET', KEYS[4], 'epoch', 'until')
if layout[1] and layout[1] ~= ARGV[3] then return redis.error_reply('LAYOUT the shards have been changed') end
if layout[2] and tonumber(layout[2]) > now then return redis.error_reply('SEALED the shards are being changed') end
local running = redis.call('HMGET', KEYS[2], 'born', unpack(identities))
local before = {}
if redis.call('EXISTS', KEYS[3]) == 1 then
  before = redis.call('HMGET', KEYS[3], unpack(identities))
end

local function parse(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end
local function less(a, b)
  local am, as = parse(a)
  local bm, bs = parse(b)
  return am < bm or (am == bm and as < bs)
end

local out, seen, fresh = {}, {}, {}
for i = 1, n do
  local identity = identities[i]
  local id = running[i + 1] or before[i] or seen[identity]
  if id then
    out[i] = '=' .. id
  else
    id = redis.call('XADD', KEYS[1], '*', 'event', events[i])
    if #fresh == 0 and ARGV[2] ~= '' and less(id, ARGV[2]) then
      -- This server took over without entries that the caller knows of, and its
      -- clock is behind. Readers who have seen those would overlook this one.
      redis.call('XDEL', KEYS[1], id)
      redis.pcall('XSETID', KEYS[1], ARGV[2])
      id = redis.call('XADD', KEYS[1], '*', 'event', events[i])
    end
    seen[identity] = id
    fresh[#fresh + 1] = identity
    fresh[#fresh + 1] = id
    out[i] = id
  end
end

local born = tonumber(running[1] or nil)
if born and now - born > window then
  redis.call('UNLINK', KEYS[3])
  redis.call('RENAME', KEYS[2], KEYS[3])
  redis.call('PEXPIRE', KEYS[3], window)
  born = nil
end
if not born then
  redis.call('HSET', KEYS[2], 'born', string.format('%.0f', now))
end
if #fresh > 0 then
  redis.call('HSET', KEYS[2], unpack(fresh))
end
-- This is also a write where all were there before, for WAIT to wait for.
redis.call('PEXPIRE', KEYS[2], 2 * window)
return table.concat(out, ' ')
