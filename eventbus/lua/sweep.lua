-- Removes consumers of a group that hold no entries and haven't been heard of for long: those that died
-- don't do so themselves. One that lives is there again with its next read.
--
-- KEYS[1] stream, ARGV[1] group, ARGV[2] milliseconds
for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local c = {}
  for i = 1, #info - 1, 2 do c[info[i]] = info[i + 1] end
  if c.pending == 0 and c.idle >= tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], c.name)
  end
end
return 1
