-- Moves the lake's cursor on a shard, if it stands where the caller believes.
--
-- KEYS[1] cursor hash, KEYS[2] stream
-- ARGV[1] plan before, ARGV[2] plan, ARGV[3] last entry id, ARGV[4] consumer group that shows
-- the lake's lag, ARGV[5] how many entries the plan took in, "" when the caller doesn't know,
-- ARGV[6] the entry id that these follow
-- Returns 1, or 0 when another writer was first.
local cursor = redis.call('HMGET', KEYS[1], 'plan', 'last', 'read')
if (cursor[1] or '0') ~= ARGV[1] then
  return 0
end
-- How many entries were carried since the stream began, for the group's lag.
local read = cursor[3] or (ARGV[1] == '0' and '0') or ''
if read ~= '' and ARGV[5] ~= '' and (cursor[2] or '') == ARGV[6] then
  read = string.format('%.0f', tonumber(read) + tonumber(ARGV[5]))
else
  read = ''
end
-- Before what takes memory, see lease.lua: trimming waits for the lake.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'plan', ARGV[2], 'last', ARGV[3], 'read', read)

-- For ordinary tools only, and not on every server: its failure is none.
local function move(...)
  if read ~= '' then
    return redis.pcall('XGROUP', ..., KEYS[2], ARGV[4], ARGV[3], 'ENTRIESREAD', read)
  end
  return redis.pcall('XGROUP', ..., KEYS[2], ARGV[4], ARGV[3])
end
if ARGV[3] ~= '' then
  local moved = move('SETID')
  if type(moved) == 'table' and moved.err and string.find(moved.err, 'NOGROUP') then
    move('CREATE')
  end
end
return 1
