-- What scripts share that compare entry ids; they stand behind it.

-- Numbers of up to 20 digits don't fit Lua's; of texts without leading zeros the longer is greater.
local function lower(a, b) return #a < #b or (#a == #b and a < b) end
-- A checkpoint may lack the sequence number.
local function parse(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return ms or id, seq or '0'
end
local function less(a, b)
  local am, as = parse(a)
  local bm, bs = parse(b)
  return lower(am, bm) or (am == bm and lower(as, bs))
end
