-- Times out the commands of a shard whose deadline has passed.
-- KEYS: the shard's deadlines
-- ARGV: prefix of command keys, prefix of agent keys, most commands to time out, retention ms,
--       then the suffixes of four agent keys: open commands, waiting commands, unanswered commands, load
--       (see dispatch.lua)
-- Returns {command id, agent id, action, …} of the commands that this call timed out. Several nodes may call this
--   script; each command is timed out once.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local out = {}

local function decrement(load, field)
  if redis.call('HEXISTS', load, field) == 1 then
    redis.call('HINCRBY', load, field, -1)
  end
end

for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, tonumber(ARGV[3]))) do
  local key = ARGV[1] .. id
  local fields = redis.call('HMGET', key, 'agent_id', 'status', 'action', 'session')
  redis.call('ZREM', KEYS[1], id)
  if fields[1] then
    local agent, holder = ARGV[2] .. fields[1], fields[4] or ''
    local opened = redis.call('ZREM', agent .. ARGV[5], id)
    redis.call('ZREM', agent .. ARGV[6], id)
    if redis.call('ZREM', agent .. ARGV[7], id) == 1 then
      decrement(agent .. ARGV[8], holder .. '|sent')
    end
    if opened == 1 and fields[2] ~= 'pending' then
      decrement(agent .. ARGV[8], holder)
    end
    if fields[2] ~= 'completed' and fields[2] ~= 'failed' and fields[2] ~= 'timeout' then
      redis.call('HSET', key, 'status', 'timeout', 'completed_at', now, 'may_have_run', fields[2] == 'pending' and '0' or '1')
      redis.call('PEXPIRE', key, ARGV[4])
      out[#out + 1] = id
      out[#out + 1] = fields[1]
      out[#out + 1] = fields[3]
    end
  end
end
return out
