-- Removes the entries that everyone has finished with.
--
-- KEYS[1] stream, KEYS[2] lake cursor, KEYS[3] checkpoints
-- ARGV[1] milliseconds for which entries are kept, "" to keep none for their age, ARGV[2] "1" when the lake must have them,
-- ARGV[3] name of the lake's group
-- Returns how many were removed, and who holds back the next one, "" for age.
local low, holder = '18446744073709551615-18446744073709551615', ''
if ARGV[1] ~= '' then
  local t = redis.call('TIME') -- which entry ids are made of
  low = string.format('%.0f-0', math.max(0, t[1] * 1000 + math.floor(t[2] / 1000) - ARGV[1]))
end
local function need(id, who)
  if less(id, low) then low, holder = id, who end
end

if redis.call('EXISTS', KEYS[1]) == 0 then return { 0, '' } end
if ARGV[2] == '1' then
  local last = redis.call('HGET', KEYS[2], 'last')
  need(last and last ~= '' and last or '0-0', 'the lake') -- its plans may hold nothing yet
end
local there = {}
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local g = {}
  for i = 1, #info - 1, 2 do g[info[i]] = info[i + 1] end
  there[g.name] = true
  if g.name ~= ARGV[3] then
    local pending = redis.call('XPENDING', KEYS[1], g.name)
    if tonumber(pending[1]) > 0 then
      need(pending[2], 'group ' .. g.name)
    else
      need(g['last-delivered-id'], 'group ' .. g.name)
    end
  end
end
-- A group that is lost will be made anew at its checkpoint.
local checkpoints = redis.call('HGETALL', KEYS[3])
for i = 1, #checkpoints - 1, 2 do
  if not there[checkpoints[i]] then need(checkpoints[i + 1], 'group ' .. checkpoints[i]) end
end
return { redis.call('XTRIM', KEYS[1], 'MINID', low), holder }
