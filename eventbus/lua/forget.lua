-- Forgets identities that admit.lua has noted and whose events were not appended behind it.
--
-- KEYS and ARGV as those of admit.lua, with all identities among those to be looked for
for i = 1, tonumber(ARGV[7]) do
  local k, identity = tonumber(ARGV[6 + 2 * i]), ARGV[7 + 2 * i]
  for s = k, k > 0 and k + 1 or -1 do
    local slot = redis.call('GET', KEYS[s]) or ''
    local at = string.find(slot, identity, 1, true)
    while at and at % 16 ~= 1 do
      at = string.find(slot, identity, at + 1, true)
    end
    if at then -- what takes its place is neither an identity nor a time
      redis.call('SET', KEYS[s], string.sub(slot, 1, at - 1) .. string.rep('\0', 16) .. string.sub(slot, at + 16))
      redis.call('PEXPIRE', KEYS[s], ARGV[2])
    end
  end
  redis.call('HDEL', KEYS[4], identity)
  redis.call('HDEL', KEYS[5], identity)
end
return 1
