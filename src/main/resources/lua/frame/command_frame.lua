-- Applies a command_ack or command_result: checks the session's slot, then the seq, then changes the command's state.
-- slot.lua precedes this script.
-- KEYS: slots (or long-poll sessions), command, the shard's deadlines,
--       then of the agent: open commands, waiting commands, unanswered commands, load (see dispatch.lua)
-- ARGV: worker, session, seq, retried 0 or 1, lease ms, agent, command id, 'ack' or 'completed' or 'failed',
--       result, error, retention ms, window in commands
-- Returns 'F1', 'F0' or 'R' as in slot.lua, or else one of
--   'OK' (applied), 'END|action' (applied, and the command has ended), 'SAME' (already reported before),
--   'LATE' (the command had timed out) or 'REFUSED' (the command is unknown or belongs to another agent).
--   A leading '+' means that commands wait and at least half of the session's window is free.
--   A retry of our own after a lost reply gets the first answer again, because the caller never received it.
local now = now_ms()
local stamp = ms(now)
local refused = advance(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1', tonumber(ARGV[5]), now)
if refused then
  return refused
end

local fields = redis.call('HMGET', KEYS[2], 'agent_id', 'status', 'action', 'said', 'session', 'timeout_at')
if fields[1] ~= ARGV[6] then
  return 'REFUSED'
end
local status, event, report = fields[2], ARGV[8], ARGV[2] .. '|' .. ARGV[3]
local holder = fields[5] or ''
local function decrement(field)
  if redis.call('HEXISTS', KEYS[7], field) == 1 then
    redis.call('HINCRBY', KEYS[7], field, -1)
  end
end
local function answered(answer)
  if redis.call('ZREM', KEYS[6], ARGV[7]) == 1 then
    decrement(holder .. '|sent')
  end
  local sent = tonumber(redis.call('HGET', KEYS[7], holder .. '|sent') or 0)
  return (sent * 2 <= tonumber(ARGV[12]) and redis.call('ZCARD', KEYS[5]) > 0 and '+' or '') .. answer
end
if event == 'ack' then
  if status == 'dispatched' then
    redis.call('HSET', KEYS[2], 'status', 'acknowledged', 'acknowledged_at', stamp)
    return answered('OK')
  end
  return answered('SAME')
end
local ended = status == 'completed' or status == 'failed'
-- The sweep runs a moment after the deadline. A result that arrives in between is late as well.
if status == 'timeout' or (not ended and now >= tonumber(fields[6])) then
  if redis.call('HSETNX', KEYS[2], 'late_result_at', stamp) == 1 then
    redis.call('HSET', KEYS[2], 'late_status', event, 'said', report)
    return 'LATE'
  end
  return fields[4] == report and 'LATE' or 'SAME'
end
if ended then
  return fields[4] == report and answered('END|' .. fields[3]) or 'SAME'
end
redis.call('HSET', KEYS[2], 'status', event, 'completed_at', stamp, 'result', ARGV[9], 'error', ARGV[10],
  'said', report)
redis.call('PEXPIRE', KEYS[2], ARGV[11])
redis.call('ZREM', KEYS[3], ARGV[7])
redis.call('ZREM', KEYS[4], ARGV[7])
redis.call('ZREM', KEYS[5], ARGV[7])
if status ~= 'pending' then
  decrement(holder)
end
return answered('END|' .. fields[3])
