-- Takes over entries from whoever held them. Their deliveries are not counted
-- here but when a handler is called, see begin.lua: an entry that only stood
-- beside one that brought its consumer down must not pay for it.
--
-- KEYS[1] stream, KEYS[2] lease, absent when consumers share the shard
-- ARGV[1] group, ARGV[2] consumer, ARGV[3] entry id to go on behind, or "-", ARGV[4] how many to take at most,
-- ARGV[5] milliseconds they must have been idle, ARGV[6] name whose entries are left, or "",
-- ARGV[7] name whose entries to tell of, or "", ARGV[8] name whose entries alone to look at, or "",
-- ARGV[9] how many bytes of events are enough, ARGV[10] how many an entry may have to be handed out, 0 for
-- any number, then the ids of those to look at, none for all behind ARGV[3]
-- Returns 0 when the lease is lost; else where to go on, "" at the end, the ids of entries
-- that had vanished from the stream, for each taken its id, deliveries so far and fields, or its size instead,
-- with a lease the id of the last entry that the group was given, and for each to tell of that isn't
-- taken its id and how many milliseconds it has been idle.
local look = 1000 -- entries at a time, so that the server isn't held up
if KEYS[2] and redis.call('GET', KEYS[2]) ~= ARGV[2] then return 0 end
local pending = {}
for i = 11, #ARGV do
  pending[#pending + 1] = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
end
local all = #ARGV == 10
if all then
  local range = { KEYS[1], ARGV[1], ARGV[3], '+', look }
  if ARGV[8] ~= '' then range[6] = ARGV[8] end
  pending = redis.call('XPENDING', unpack(range))
end
local most, idle = tonumber(ARGV[4]), tonumber(ARGV[5])
local enough, largest = tonumber(ARGV[9]), tonumber(ARGV[10])
local out, bytes, vanished, waits, next = {}, 0, {}, {}, ''
for i, p in ipairs(pending) do
  local full = #out == most or bytes >= enough
  if full and all then break end
  next = p[1]
  if i == #pending and i < look then next = '' end
  local new = p[1] ~= ARGV[3]
  if new and not full and p[2] ~= ARGV[6] and p[3] >= idle then
    local e = redis.call('XRANGE', KEYS[1], p[1], p[1])[1]
    if e then
      redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, p[1], 'RETRYCOUNT', p[4], 'JUSTID')
      local size = 0
      for _, text in ipairs(e[2]) do size = size + #text end
      if largest > 0 and size > largest then
        out[#out + 1] = { p[1], p[4], size }
      else
        out[#out + 1] = { p[1], p[4], e[2] }
        bytes = bytes + size
      end
    else
      redis.call('XACK', KEYS[1], ARGV[1], p[1])
      vanished[#vanished + 1] = p[1]
    end
  elseif new then
    if p[3] == 0 and redis.call('XRANGE', KEYS[1], p[1], p[1])[1] then
      -- Since when it has been idle may be a time of a clock that was ahead, which is yet to come.
      redis.call('XCLAIM', KEYS[1], ARGV[1], p[2], 0, p[1], 'IDLE', 0, 'RETRYCOUNT', p[4], 'JUSTID')
    end
    if p[2] == ARGV[7] then
      waits[#waits + 1] = p[1]
      waits[#waits + 1] = p[3]
    end
  end
end
local given = ''
if KEYS[2] then
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    local g = {}
    for i = 1, #info - 1, 2 do g[info[i]] = info[i + 1] end
    if g.name == ARGV[1] then given = g['last-delivered-id'] end
  end
end
return { next, vanished, out, given, waits }
