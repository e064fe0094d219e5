-- Counts a refused call. Makes room for a new entry by dropping the caller's least recent one, or the least recent of all.
-- KEYS: hash of entries (id -> place|count|first ms|record id|record), order of entries (id -> place),
--       hash of open records (actions under way)
-- ARGV: id of the entry, its first characters that name the caller, record id, record, now ms, most entries of a caller,
--       most entries of the order
-- Returns 1, or 0 if this call was made before and its reply was lost.
local entries, order, open = KEYS[1], KEYS[2], KEYS[3]
local id, caller = ARGV[1], ARGV[2]
local before = redis.call('HGET', entries, id)
local is_open = redis.call('HEXISTS', open, ARGV[3]) == 1
local count, first, dropped = 0, ARGV[5], nil
if before then
  local known, since, last = string.match(before, '^%d+|(%d+)|(%d+)|([^|]*)|')
  if last == ARGV[3] then
    return 0
  end
  count, first = tonumber(known), since
else
  local all = redis.call('ZRANGE', order, 0, -1)
  local mine, oldest = 0, nil
  for _, each in ipairs(all) do
    if string.sub(each, 1, #caller) == caller then
      mine, oldest = mine + 1, oldest or each
    end
  end
  if mine >= tonumber(ARGV[6]) then
    dropped = oldest
  elseif #all >= tonumber(ARGV[7]) then
    dropped = all[1]
  end
end
local place = string.format('%.0f', redis.call('HINCRBY', entries, 'places', 1))
redis.call('HSET', entries, id,
  place .. '|' .. string.format('%.0f', count + 1) .. '|' .. first .. '|' .. ARGV[3] .. '|' .. ARGV[4])
redis.call('ZADD', order, place, id)
if dropped then
  redis.call('ZREM', order, dropped)
  redis.call('HDEL', entries, dropped)
end
if is_open then
  redis.call('HDEL', open, ARGV[3])
end
return 1
