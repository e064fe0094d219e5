-- Functions for hashes with a bounded number of fields. A sorted set beside each hash orders its fields by the time of their
-- last write, so that the field that was silent the longest makes room for a new one.

-- Writes a field, and deletes the oldest fields beyond the limit.
local function keep_newest(hash, order, most, now, field, value)
  redis.call('HSET', hash, field, value)
  redis.call('ZADD', order, now, field)
  if redis.call('HLEN', hash) <= most then
    return
  end
  if redis.call('ZCARD', order) < redis.call('HLEN', hash) then
    -- Version 0.1 wrote hashes without an order. Its fields count as the oldest until they are written again.
    for _, known in ipairs(redis.call('HKEYS', hash)) do
      redis.call('ZADD', order, 'NX', 0, known)
    end
  end
  while redis.call('HLEN', hash) > most do
    local oldest = redis.call('ZPOPMIN', order)[1]
    if not oldest then
      return
    end
    redis.call('HDEL', hash, oldest)
  end
end
