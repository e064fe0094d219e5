-- Stores a command of the brain itself as pending, behind all commands of operators: its order is larger than theirs. The
-- script bounds such commands of an agent for the whole cluster, and deletes its oldest ended ones.
-- KEYS: agent record, command, the agent's open commands, the agent's waiting commands, the shard's commands,
--       the shard's deadlines, the agent's commands of the brain (id -> issued ms)
-- ARGV: command id, time-out s, most open, most in a minute, most kept, prefix of command keys, retention ms,
--       then (field, value)… of the command
-- Returns 'OK', 'BUSY' (ask later) or 'GONE' (the agent does not exist). A command that exists already is 'OK', whether it
--   has ended or not.
local BEHIND = 1000000000000000
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 'GONE'
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  return 'OK'
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local issued = string.format('%.0f', now)
if redis.call('ZCOUNT', KEYS[3], string.format('%.0f', BEHIND), '+inf') >= tonumber(ARGV[3])
  or redis.call('ZCOUNT', KEYS[7], string.format('%.0f', now - 60000), '+inf') >= tonumber(ARGV[4]) then
  return 'BUSY'
end
local over = redis.call('ZCARD', KEYS[7]) + 1 - tonumber(ARGV[5])
if over > 0 then
  for _, id in ipairs(redis.call('ZRANGE', KEYS[7], 0, over - 1)) do
    if not redis.call('ZSCORE', KEYS[3], id) then
      redis.call('ZREM', KEYS[7], id)
      redis.call('ZREM', KEYS[5], id)
      redis.call('DEL', ARGV[6] .. id)
    end
  end
end
redis.call('HSET', KEYS[2], 'status', 'pending', 'issued_at', issued,
  'timeout_at', string.format('%.0f', now + tonumber(ARGV[2]) * 1000))
for i = 8, #ARGV, 2 do
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
end
local order = string.format('%.0f', BEHIND + redis.call('HINCRBY', KEYS[1], 'command_order', 1))
redis.call('ZADD', KEYS[3], order, ARGV[1])
redis.call('ZADD', KEYS[4], order, ARGV[1])
redis.call('ZADD', KEYS[5], issued, ARGV[1])
redis.call('ZADD', KEYS[6], string.format('%.0f', now + tonumber(ARGV[2]) * 1000), ARGV[1])
redis.call('ZADD', KEYS[7], issued, ARGV[1])
redis.call('PEXPIRE', KEYS[7], ARGV[7])
return 'OK'
