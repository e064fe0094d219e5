-- Deletes segments of a project's projection and frees terms, if the lease is the current one.
-- KEYS: lease, counts, terms, segments, then records and columns of each segment
-- ARGV: node, epoch, n, number of a segment…, n, field of a term…, then (name, value)… of the counts
-- Returns 1, or -1 if another node holds the lease; nothing changes then.
-- The first write deletes, so that Redis lets the script through although its memory limit is reached.
local kept = redis.call('HMGET', KEYS[1], 'owner', 'epoch')
if kept[1] ~= ARGV[1] or kept[2] ~= ARGV[2] then
  return -1
end
local at = 3

-- Sends at most 400 arguments in one command, because Lua's stack is bounded.
local function together(command, key, first, last)
  for from = first, last, 400 do
    redis.call(command, key, unpack(ARGV, from, math.min(from + 399, last)))
  end
end

-- Deletes the next list of fields. Returns whether there are any.
local function delete(hash)
  local last = at + tonumber(ARGV[at])
  together('HDEL', hash, at + 1, last)
  local some = last > at
  at = last + 1
  return some
end

for i = 5, #KEYS do
  redis.call('UNLINK', KEYS[i])
end
delete(KEYS[4])
if delete(KEYS[3]) then
  -- Readers that keep the terms in memory learn by this number that texts may have changed.
  redis.call('HINCRBY', KEYS[1], 'freed', 1)
end
together('HSET', KEYS[2], at, #ARGV)
return 1
