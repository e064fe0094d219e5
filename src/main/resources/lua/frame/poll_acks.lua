-- Keeps acks of batches for the next poll of a long-poll session; a repeated ack is kept once. Beyond the limit, the
-- oldest acks are dropped: the agent resends their batches and receives the acks then.
-- slot.lua precedes this script.
-- KEYS: long-poll sessions, the session, its acks (ack -> order)
-- ARGV: the agent's nonce for the session, session id, most acks, memory ms, ack…
-- Returns the poll that waits, or the last one that did; empty if there was none or the session does not exist.
local slot = read_slot(redis.call('HGET', KEYS[1], ARGV[1]))
if not slot or slot.session ~= ARGV[2] then
  return ''
end
for i = 5, #ARGV do
  redis.call('ZADD', KEYS[3], 'NX', redis.call('HINCRBY', KEYS[2], 'acks', 1), ARGV[i])
end
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -1 - tonumber(ARGV[3]))
redis.call('PEXPIRE', KEYS[3], ARGV[4])
return redis.call('HGET', KEYS[2], 'poll') or ''
