-- Stores a new command as pending.
-- KEYS: agent record, command, the agent's open commands, the agent's waiting commands, the shard's commands,
--       the shard's deadlines
-- ARGV: command id, time-out s, then (field, value)… of the command
-- Returns {'OK', issued ms, deadline ms}, or {'GONE'} if the agent does not exist.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'GONE'}
end
if redis.call('EXISTS', KEYS[2]) == 1 then -- our own retry after a lost reply
  return {'OK', redis.call('HGET', KEYS[2], 'issued_at'), redis.call('HGET', KEYS[2], 'timeout_at')}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local issued = string.format('%.0f', now)
local ends = string.format('%.0f', now + tonumber(ARGV[2]) * 1000)
for i = 3, #ARGV, 2 do
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
end
redis.call('HSET', KEYS[2], 'status', 'pending', 'issued_at', issued, 'timeout_at', ends)
local order = redis.call('HINCRBY', KEYS[1], 'command_order', 1)
redis.call('ZADD', KEYS[3], order, ARGV[1])
redis.call('ZADD', KEYS[4], order, ARGV[1])
redis.call('ZADD', KEYS[5], issued, ARGV[1])
redis.call('ZADD', KEYS[6], ends, ARGV[1])
return {'OK', issued, ends}
