-- Has an agent's command_ack or command_result take effect: fence, then seq, then the command's next state.
-- KEYS: slots, the command, the shard's deadlines, then of the agent: open commands, those that wait, those that were
--       sent and not heard of, load (see dispatch.lua)
-- ARGV: worker, session, seq, retried 0 or 1, lease ms, agent, command id, 'ack' or 'completed' or 'failed', result, error, retention ms, window commands
-- Returns 'F1', 'F0' or 'R' as advance.lua does, else what became of it: 'OK' (it took effect), 'END|action' (it ended
-- the command), 'SAME' (it had been said before), 'LATE' (the command's time was over) or 'REFUSED' (unknown, or another
-- agent's). Our own retry after a lost reply, of which nobody was told, gets the first answer again. A '+' before it
-- says that others wait and that this left half of the session's window free.
local slot = redis.call('HGET', KEYS[1], ARGV[1])
if not slot then
  return 'F0'
end
local session, node, epoch, last = string.match(slot, '^([^|]*)|([^|]*)|([^|]*)|[^|]*|[^|]*|([^|]*)')
if session ~= ARGV[2] then
  return 'F1'
end
local again = tonumber(ARGV[3]) <= tonumber(last)
if again and ARGV[4] ~= '1' then
  return 'R'
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stamp = string.format('%.0f', now)
if not again then
  redis.call('HSET', KEYS[1], ARGV[1], session .. '|' .. node .. '|' .. epoch .. '|' .. stamp
    .. '|' .. string.format('%.0f', now + tonumber(ARGV[5])) .. '|' .. ARGV[3])
end

local fields = redis.call('HMGET', KEYS[2], 'agent_id', 'status', 'action', 'said', 'session', 'timeout_at')
if fields[1] ~= ARGV[6] then
  return 'REFUSED'
end
local status, event, said = fields[2], ARGV[8], ARGV[2] .. '|' .. ARGV[3]
local holder = fields[5] or ''
local function fewer(field)
  if redis.call('HEXISTS', KEYS[7], field) == 1 then
    redis.call('HINCRBY', KEYS[7], field, -1)
  end
end
local function heard(answer)
  if redis.call('ZREM', KEYS[6], ARGV[7]) == 1 then
    fewer(holder .. '|sent')
  end
  local sent = tonumber(redis.call('HGET', KEYS[7], holder .. '|sent') or 0)
  return (sent * 2 <= tonumber(ARGV[12]) and redis.call('ZCARD', KEYS[5]) > 0 and '+' or '') .. answer
end
if event == 'ack' then
  if status == 'dispatched' then
    redis.call('HSET', KEYS[2], 'status', 'acknowledged', 'acknowledged_at', stamp)
    return heard('OK')
  end
  return heard('SAME')
end
local ended = status == 'completed' or status == 'failed'
-- The sweep comes a moment after the time is over: what is heard in between is late all the same.
if status == 'timeout' or (not ended and now >= tonumber(fields[6])) then
  if redis.call('HSETNX', KEYS[2], 'late_result_at', stamp) == 1 then
    redis.call('HSET', KEYS[2], 'late_status', event, 'said', said)
    return 'LATE'
  end
  return fields[4] == said and 'LATE' or 'SAME'
end
if ended then
  return fields[4] == said and heard('END|' .. fields[3]) or 'SAME'
end
redis.call('HSET', KEYS[2], 'status', event, 'completed_at', stamp, 'result', ARGV[9], 'error', ARGV[10], 'said', said)
redis.call('PEXPIRE', KEYS[2], ARGV[11])
redis.call('ZREM', KEYS[3], ARGV[7])
redis.call('ZREM', KEYS[4], ARGV[7])
redis.call('ZREM', KEYS[5], ARGV[7])
if status ~= 'pending' then
  fewer(holder)
end
return heard('END|' .. fields[3])
