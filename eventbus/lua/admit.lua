-- Lets events into a shard's stream, unless some of them have been published before.
--
-- A few events come along in ARGV and are appended here. Many are appended by XADD in the
-- transaction that begins with this script, since every byte that passes through Lua is hashed:
--
--   1. This script finds that the events may be appended, and renames the stream, KEYS[1], to a name
--      of this transaction alone, KEYS[2].
--   2. XADD NOMKSTREAM appends them to KEYS[2].
--   3. RENAMENX, the last command, gives the stream its name back.
--
-- So where this script refuses, fails or isn't known, step 2 finds no stream and appends nothing. Other
-- clients never see the name, since a transaction is atomic.
--
--   KEYS[1]    stream
--   KEYS[2]    its name while events are appended
--   KEYS[3]    layout
--   KEYS[4]    dedupe hash: the running window
--   KEYS[5]    dedupe hash: the window before
--   KEYS[6]…   two keys for each dedupe slot: of identities that were appended without a look, and of
--              those that were looked for first
--
--   ARGV[1]    dedupe window in milliseconds
--   ARGV[2]    how long slots are kept, in milliseconds
--   ARGV[3]    milliseconds and
--   ARGV[4]    sequence number of an entry id that new ids must be greater than; 0 and 0: none
--   ARGV[5]    epoch of the layout by which the events came here
--   ARGV[6]    how many events come along
--   ARGV[7]    how many identities are to be looked for
--   then       each of these: the index of its slot's first key, 0 for the hashes, and the identity
--   then       for each slot: the identities that go there without a look, joined; those looked for, joined
--   then       each identity that goes into the hash; no two are the same
--   then       the events that come along
--
-- Returns
--   a text     all are new: the ids of the entries, joined by spaces; "" when the events follow by XADD
--   a list     some were published before: each identity with the id from which on its entry is to be
--              looked for
--   an error   LAYOUT, SEALED: the shards have been changed, or are being changed
--              ABSENT: there is no stream yet, and no event comes along that would make it
--              TORN: there are two streams, since a transaction of an earlier time was torn
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local window, keepFor = tonumber(ARGV[1]), ARGV[2]
local behindms = tonumber(ARGV[3])
local layout = redis.call('HMGET', KEYS[3], 'epoch', 'until', 'appending')
if layout[1] and layout[1] ~= ARGV[5] then return redis.error_reply('LAYOUT the shards have been changed') end
local sealed = layout[2] and tonumber(layout[2]) - now or 0
if sealed > 0 and sealed <= 60000 then -- a longer one is by a clock that was ahead
  return redis.error_reply('SEALED the shards are being changed')
end

-- Each identity is known for a window at least: in a slot until so long after the last one came
-- to it, in the hashes for up to two windows.
local function keep(k) redis.call('PEXPIRE', KEYS[k], k > 5 and keepFor or 2 * window) end

-- A slot holds records of 16 bytes: an identity, or 16 digits, the time of the identities behind them.
-- What comes to one that has become too large to be read often goes into the hash.
local slots, full = {}, 65536
local function slot(k)
  slots[k] = slots[k] or redis.call('GET', KEYS[k]) or ''
  return slots[k]
end
local function inSlot(k, identity)
  local at = string.find(slot(k), identity, 1, true)
  while at and at % 16 ~= 1 do
    at = string.find(slot(k), identity, at + 1, true)
  end
  for time = (at or 0) - 16, 1, -16 do
    local ms = string.match(slot(k), '^%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d', time)
    if ms then return string.format('%.0f-0', tonumber(ms)) end
  end
end

local known = {}
local function is(identity, k, from)
  if not from then return false end
  known[#known + 1] = identity
  known[#known + 1] = from
  keep(k) -- a write, for WAIT to wait for
  return true
end
local function isHashed(identity)
  return is(identity, 4, redis.call('HGET', KEYS[4], identity)) or is(identity, 5, redis.call('HGET', KEYS[5], identity))
end

-- What is looked for is in any of the places where an identity may be. What isn't is sent once; but
-- that may arrive late, when it has been sent again, and then with a look.
local along, asked = tonumber(ARGV[6]), tonumber(ARGV[7])
local hashed = {}
for i = 1, asked do
  local k, identity = tonumber(ARGV[6 + 2 * i]), ARGV[7 + 2 * i]
  if k == 0 then
    hashed[#hashed + 1] = identity
  elseif not is(identity, k, inSlot(k, identity)) and not is(identity, k + 1, inSlot(k + 1, identity)) and
    math.max(#slot(k), #slot(k + 1)) >= full then
    isHashed(identity)
  end
end
if #hashed > 0 then
  local running = redis.call('HMGET', KEYS[4], unpack(hashed))
  local before = redis.call('HMGET', KEYS[5], unpack(hashed))
  for i = 1, #hashed do
    local _ = is(hashed[i], 4, running[i]) or is(hashed[i], 5, before[i])
  end
end
local joined = 8 + 2 * asked
for k = 6, #KEYS, 2 do
  local made = ARGV[joined + k - 6]
  for at = 1, #made, 16 do
    if slot(k + 1) == '' then break end
    local identity = string.sub(made, at, at + 15)
    if not is(identity, k + 1, inSlot(k + 1, identity)) and #slot(k + 1) >= full then isHashed(identity) end
  end
end
if #known > 0 then return known end

-- The stream has such a name here only if a transaction was torn, as when its user lost the right to do
-- a part of it meanwhile.
if layout[3] and redis.call('EXISTS', layout[3]) == 1 and redis.call('RENAMENX', layout[3], KEYS[1]) == 0 then
  return redis.error_reply('TORN there are two streams')
end
if along == 0 and redis.call('XLEN', KEYS[1]) == 0 and redis.call('EXISTS', KEYS[1]) == 0 then
  return redis.error_reply('ABSENT there is no stream yet')
end
-- The appends that follow fail where ids have come to their end, which only a stranger brings about, and
-- their events would be known all the same, until forget.lua has forgotten them.
if along == 0 and #redis.call('XREVRANGE', KEYS[1], '+', '18446744073709551615-18446744073709000000', 'COUNT', 1) > 0 then
  return redis.error_reply('ERR there are no more ids')
end

local from = now -- the entries' ids are no lower
local highest = ARGV[3] .. '-' .. ARGV[4]
-- Reports whether an id stands behind the one that new ones must. A server that took over without
-- entries that the caller knows of, and whose clock is behind, would give out their ids again, and
-- readers who have seen those would overlook these.
local function isBehind(id)
  local ms = tonumber((string.match(id, '^%d+')))
  from = math.min(math.max(ms, behindms), 9007199254740991) -- of 16 digits, and exact
  return less(highest, id)
end
-- Moves the stream's ids there, and takes from the count of its entries those that were removed again:
-- how far groups lag is told by it.
local function move(removed)
  local stream, added = redis.call('XINFO', 'STREAM', KEYS[1]), removed
  local moved = true
  for i = 1, #stream - 1, 2 do
    if stream[i] == 'last-generated-id' then moved = isBehind(stream[i + 1]) or stream[i + 1] == highest end
    if stream[i] == 'entries-added' then added = stream[i + 1] end
  end
  -- Not on every server, and then there is no failover.
  if not moved then redis.pcall('XSETID', KEYS[1], highest, 'ENTRIESADDED', added - removed) end
end

-- The events before their identities: none is known whose event isn't appended.
local last = #ARGV - along
local ids = {}
for i = last + 1, #ARGV do
  ids[#ids + 1] = redis.call('XADD', KEYS[1], '*', 'event', ARGV[i])
  if i == last + 1 and now <= behindms and not isBehind(ids[1]) then
    redis.call('XDEL', KEYS[1], ids[1])
    move(1)
    ids[1] = redis.call('XADD', KEYS[1], '*', 'event', ARGV[i])
  end
end
if along == 0 then
  if now <= behindms then move(0) end
  -- Where the user has lost the right to append since these commands came, this fails. It appends nothing.
  redis.call('XADD', KEYS[2], 'NOMKSTREAM', '*', 'event', '')
  redis.call('HSET', KEYS[3], 'appending', KEYS[2])
  redis.call('RENAMENX', KEYS[1], KEYS[2])
end

local recorded = false
local function record()
  local fields = {}
  local function hash(identity)
    fields[#fields + 1] = identity
    fields[#fields + 1] = string.format('%.0f-0', from)
  end
  local next = joined
  for k = 6, #KEYS do
    local identities = ARGV[next]
    next = next + 1
    if identities ~= '' then
      if redis.call('STRLEN', KEYS[k]) < full then
        -- Not as one string, which would be hashed again.
        redis.call('APPEND', KEYS[k], string.format('%016.0f', from))
        redis.call('APPEND', KEYS[k], identities)
        recorded = true
      else
        for at = 1, #identities, 16 do hash(string.sub(identities, at, at + 15)) end
      end
      keep(k) -- also a full one: it tells to look into the hashes
    end
  end
  for i = next, last do hash(ARGV[i]) end
  if #fields == 0 then return end
  -- When the running hash has run for a window it becomes the one before.
  local born = tonumber(redis.call('HGET', KEYS[4], 'born') or nil)
  if born and born - now > window then
    born = nil -- the clock was ahead, and the window would last as long
  elseif born and now - born > window then
    redis.call('UNLINK', KEYS[5])
    redis.call('RENAME', KEYS[4], KEYS[5])
    redis.call('PEXPIRE', KEYS[5], window)
    born = nil
  end
  if not born then redis.call('HSET', KEYS[4], 'born', string.format('%.0f', now)) end
  redis.call('HSET', KEYS[4], unpack(fields))
  keep(4)
end
local ok, failure = pcall(record)
if not ok then
  local undone = not recorded -- an event that is known must be there
  if undone and along == 0 then
    redis.call('RENAMENX', KEYS[2], KEYS[1])
  elseif undone then
    undone = type(redis.pcall('XDEL', KEYS[1], unpack(ids))) == 'number'
  end
  if not undone then return redis.error_reply('HALF the events are there, and not all are noted as published') end
  return redis.error_reply(type(failure) == 'table' and failure.err or failure)
end
return table.concat(ids, ' ')
