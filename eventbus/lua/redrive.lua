-- Gives a dead letter's entry back to its consumer group, to be tried again
-- from the start, and removes the letter. Other groups and the lake see nothing
-- of it: the entry stays where it is in the stream. One that has been trimmed
-- is written again from the letter, for this group alone.
--
-- KEYS[1] stream, KEYS[2] dead letters
-- ARGV[1] id of the letter, ARGV[2] group, ARGV[3] id of the entry, ARGV[4] idle milliseconds to set,
-- ARGV[5] name to wait under
-- Returns 1, 0 when the letter is gone, -1 when the entry is gone and the letter doesn't hold it;
-- an error when the group isn't there.
local letter = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1])[1]
if not letter then return 0 end
redis.call('XPENDING', KEYS[1], ARGV[2]) -- an error without the group: nobody would get what is written for it
if #redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3]) > 0 then
  redis.call('XCLAIM', KEYS[1], ARGV[2], ARGV[5], 0, ARGV[3], 'IDLE', ARGV[4], 'RETRYCOUNT', 0, 'FORCE', 'JUSTID')
  redis.call('XDEL', KEYS[2], ARGV[1])
  return 1
end
for i = 1, #letter[2] - 1, 2 do
  if letter[2][i] == 'event' then
    redis.call('XADD', KEYS[1], '*', 'event', letter[2][i + 1], 'for', ARGV[2])
    redis.call('XDEL', KEYS[2], ARGV[1])
    return 1
  end
end
return -1
