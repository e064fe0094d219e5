-- Raises the version of the key layout, unless another node has changed it meanwhile.
-- KEYS: version of the key layout
-- ARGV: version that the caller found (empty = none), version to write
-- Returns the version that Redis then holds.
local found = redis.call('GET', KEYS[1]) or ''
if found ~= ARGV[1] then
  return found
end
even_if_full(KEYS[1])
redis.call('SET', KEYS[1], ARGV[2])
return ARGV[2]
