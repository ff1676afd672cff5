-- Removes the entries that everyone has finished with.
--
-- KEYS[1] stream, KEYS[2] lake cursor, KEYS[3] checkpoints
-- ARGV[1] milliseconds for which entries are kept, "" to keep none for their age, ARGV[2] "1" when the lake must have them,
-- ARGV[3] name of the lake's group
-- Returns how many were removed, and who still needs an entry beyond its age, "" for nobody. The last one that somebody
-- has finished with stays, too: it is where they stand.
local age = '18446744073709551615-18446744073709551615'
if ARGV[1] ~= '' then
  local t = redis.call('TIME') -- which entry ids are made of
  age = string.format('%.0f-0', math.max(0, t[1] * 1000 + math.floor(t[2] / 1000) - ARGV[1]))
end
local low, holder, from = age, '', ''
-- Keeps id and what follows it; start is where in that the entries begin that who needs: id, or behind it '(' .. id.
local function need(id, who, start)
  if less(id, low) or (start == id and from == '(' .. id) then low, holder, from = id, who, start end
end

if redis.call('EXISTS', KEYS[1]) == 0 then return { 0, '' } end
if ARGV[2] == '1' then
  local last = redis.call('HGET', KEYS[2], 'last')
  last = last and last ~= '' and last or '0-0' -- its plans may hold nothing yet
  need(last, 'the lake', '(' .. last)
end
local there = {}
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local g = {}
  for i = 1, #info - 1, 2 do g[info[i]] = info[i + 1] end
  there[g.name] = true
  if g.name ~= ARGV[3] then
    local pending = redis.call('XPENDING', KEYS[1], g.name)
    if tonumber(pending[1]) > 0 then
      need(pending[2], 'group ' .. g.name, pending[2])
    else
      need(g['last-delivered-id'], 'group ' .. g.name, '(' .. g['last-delivered-id'])
    end
  end
end
-- A group that is lost will be made anew at its checkpoint.
local checkpoints = redis.call('HGETALL', KEYS[3])
for i = 1, #checkpoints - 1, 2 do
  local name, id = checkpoints[i], checkpoints[i + 1]
  if not there[name] then need(id, 'group ' .. name, '(' .. id) end
end
local removed = redis.call('XTRIM', KEYS[1], 'MINID', low)
if holder ~= '' and #redis.call('XRANGE', KEYS[1], from, '(' .. age, 'COUNT', 1) == 0 then holder = '' end
return { removed, holder }
