-- Releases a slot if this session still holds it. slot.lua precedes this script.
-- KEYS: slots, agent record, session details, last heartbeats, last statuses
-- ARGV: worker, session
-- Returns {1, number of slots that the agent still holds, details of the session}, or {0} if the session does not hold
--   the slot.
local slot = read_slot(redis.call('HGET', KEYS[1], ARGV[1]))
if not slot or slot.session ~= ARGV[2] then
  return {0}
end
local details = redis.call('HGET', KEYS[3], ARGV[1])
local left = redis.call('HLEN', KEYS[1]) - 1
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], 'w:' .. ARGV[1])
redis.call('HDEL', KEYS[5], 'w:' .. ARGV[1])
if redis.call('EXISTS', KEYS[2]) == 1 then
  redis.call('HSET', KEYS[2], 'last_seen_at', slot.seen)
end
return {1, left, details or '{}'}
