-- Lets events into a shard's stream, unless some of them have been published before.
--
-- A few events come along and are appended here. The appends of many follow in the same
-- transaction, as ordinary commands: what passes through Lua is hashed byte for byte. They
-- go to KEYS[2], and only if there is a stream (XADD NOMKSTREAM); this script gives the stream that
-- name, and the last command of the transaction (RENAMENX) gives it back its own. So nothing is
-- appended where this script refuses, fails or isn't known, and nobody sees the stream under that name.
--
-- KEYS[1] stream, KEYS[2] its name while events are appended, KEYS[3] layout, KEYS[4] and KEYS[5]
-- dedupe hashes: the running one and the one before, from KEYS[6] on dedupe slots
-- ARGV[1] dedupe window in milliseconds, ARGV[2] an entry id that new ones must stand
-- behind, or "", ARGV[3] epoch of the layout by which they came here, ARGV[4] how many events
-- come along, ARGV[5] how many identities may be known; then these, each behind the index of its
-- slot's key, 0 for the hashes; then for each slot the identities that go there, joined; then each
-- that goes into the hash; no two are the same; then the events that come along.
-- Returns the entries' ids, joined by spaces, "" when the events follow; a list when some are known:
-- for each identity that may be, the id from which on its entry is to be looked for, or ""; an error
-- when the layout is another or being changed, or when there is no stream yet: events that come along
-- make it.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local window = tonumber(ARGV[1])
local layout = redis.call('HMGET', KEYS[3], 'epoch', 'until')
if layout[1] and layout[1] ~= ARGV[3] then return redis.error_reply('LAYOUT the shards have been changed') end
if layout[2] and tonumber(layout[2]) > now then return redis.error_reply('SEALED the shards are being changed') end

-- Each identity is known for a window at least: in a slot until a window after the last one came
-- to it, in the hashes for up to two.
local function keep(k) redis.call('PEXPIRE', KEYS[k], k > 5 and window or 2 * window) end

-- A slot holds records of 16 bytes: an identity, or 16 digits, the time of the identities behind them.
-- What comes to one that has become too large to be read often goes into the hash.
local slots, full = {}, 65536
local function inSlot(k, identity)
  slots[k] = slots[k] or redis.call('GET', KEYS[k]) or ''
  local at = string.find(slots[k], identity, 1, true)
  while at and at % 16 ~= 1 do
    at = string.find(slots[k], identity, at + 1, true)
  end
  for time = (at or 0) - 16, 1, -16 do
    local ms = string.match(slots[k], '^%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d', time)
    if ms then return string.format('%.0f-0', tonumber(ms)) end
  end
end

local along, asked = tonumber(ARGV[4]), tonumber(ARGV[5])
local hashed = {}
for i = 1, asked do
  if ARGV[4 + 2 * i] == '0' then hashed[#hashed + 1] = ARGV[5 + 2 * i] end
end
local running, before = {}, {}
if #hashed > 0 then
  running = redis.call('HMGET', KEYS[4], unpack(hashed))
  before = redis.call('HMGET', KEYS[5], unpack(hashed))
end
local known, some, h = {}, false, 0
for i = 1, asked do
  local k = tonumber(ARGV[4 + 2 * i])
  if k == 0 then
    h = h + 1
    known[i] = running[h] or before[h] or ''
    k = running[h] and 4 or 5
  else
    local slot, identity = k, ARGV[5 + 2 * i]
    known[i] = inSlot(slot, identity) or ''
    for hash = 4, 5 do
      if known[i] == '' and #slots[slot] >= full then
        known[i], k = redis.call('HGET', KEYS[hash], identity) or '', hash
      end
    end
  end
  if known[i] ~= '' then
    some = true
    keep(k) -- a write, for WAIT to wait for
  end
end
if some then return known end

local exists = redis.call('EXISTS', KEYS[1]) == 1
if not exists and along == 0 then return redis.error_reply('ABSENT there is no stream yet') end

local function parse(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end
local from = now -- the entries' ids are no lower
local lowest = '*' -- the first one's
if ARGV[2] ~= '' and now <= parse(ARGV[2]) then
  -- The clock is behind. A server that took over without entries that the caller knows of would
  -- give out their ids again, and readers who have seen those would overlook these.
  local ms, seq = parse(ARGV[2])
  local stream, lastms, lastseq = exists and redis.call('XINFO', 'STREAM', KEYS[1]) or {}, 0, 0
  for i = 1, #stream - 1, 2 do
    if stream[i] == 'last-generated-id' then lastms, lastseq = parse(stream[i + 1]) end
  end
  if lastms < ms or (lastms == ms and lastseq < seq) then
    if exists then
      redis.pcall('XSETID', KEYS[1], ARGV[2]) -- not on every server, and then there is no failover
    else
      lowest = string.format('%.0f-%.0f', ms, seq + 1)
    end
    lastms = ms
  end
  from = math.max(now, lastms)
end

-- The events before their identities: none is known whose event isn't appended.
local last = #ARGV - along
local ids = {}
for i = last + 1, #ARGV do
  ids[#ids + 1] = redis.call('XADD', KEYS[1], #ids == 0 and lowest or '*', 'event', ARGV[i])
end
if along == 0 then redis.call('RENAME', KEYS[1], KEYS[2]) end
local fields, value = {}, string.format('%.0f-0', from)
local function hash(identity)
  fields[#fields + 1] = identity
  fields[#fields + 1] = value
end
local next = 6 + 2 * asked
for k = 6, #KEYS do
  if redis.call('STRLEN', KEYS[k]) < full then
    redis.call('APPEND', KEYS[k], string.format('%016.0f', from) .. ARGV[next])
    keep(k)
  else
    for at = 1, #ARGV[next], 16 do hash(string.sub(ARGV[next], at, at + 15)) end
  end
  next = next + 1
end
for i = next, last do hash(ARGV[i]) end
if #fields > 0 then
  -- When the running hash has run for a window it becomes the one before.
  local born = tonumber(redis.call('HGET', KEYS[4], 'born') or nil)
  if born and now - born > window then
    redis.call('UNLINK', KEYS[5])
    redis.call('RENAME', KEYS[4], KEYS[5])
    redis.call('PEXPIRE', KEYS[5], window)
    born = nil
  end
  if not born then redis.call('HSET', KEYS[4], 'born', string.format('%.0f', now)) end
  redis.call('HSET', KEYS[4], unpack(fields))
  keep(4)
end
return table.concat(ids, ' ')
