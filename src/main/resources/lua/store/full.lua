-- Lets the writes that follow through although the memory limit of Redis is reached. For small writes of bounded number.
-- Redis refuses writes of a script only until the script has made its first one. SREM is never refused, and removes
--   nothing here: no set has an empty member.
local function even_if_full(key)
  redis.pcall('SREM', key, '')
end
