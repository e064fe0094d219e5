-- Appends what an agent said about a task to the event stream of its shard, once for each question.
-- KEYS: agent record, command that carried the question, event stream, stream totals
-- ARGV: agent id, name of the reporting process, events of the batch
-- Returns 'OK', 'KNOWN' (appended before) or 'GONE' (the agent or the command does not exist any more).
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('EXISTS', KEYS[2]) == 0 then
  return 'GONE'
end
if redis.call('HSETNX', KEYS[2], 'kept', '1') == 0 then
  return 'KNOWN'
end
local total = redis.call('HINCRBY', KEYS[4], 'bytes', #ARGV[3])
redis.call('XADD', KEYS[3], '*', 'a', ARGV[1], 'c', string.format('%.0f', total), 's', #ARGV[3], 'e', ARGV[3],
  'w', ARGV[2])
return 'OK'
