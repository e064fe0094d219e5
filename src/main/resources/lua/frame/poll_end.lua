-- Ends a long-poll session permanently. slot.lua precedes this script.
-- KEYS: agent record, long-poll sessions, ended sessions, last heartbeats, last statuses, the session, its nonces,
--       order of the nonces, its acks
-- ARGV: the agent's nonce for the session, session id, memory ms
-- Returns {1, the poll that waits or the last one that did}, or {0} if the session does not exist.
local slot = read_slot(redis.call('HGET', KEYS[2], ARGV[1]))
if not slot or slot.session ~= ARGV[2] then
  return {0}
end
local poll = redis.call('HGET', KEYS[6], 'poll') or ''
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[4], 'p:' .. ARGV[1])
redis.call('HDEL', KEYS[5], 'p:' .. ARGV[1])
redis.call('DEL', KEYS[6], KEYS[7], KEYS[8], KEYS[9])
redis.call('ZADD', KEYS[3], ms(now_ms()), ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -257)
redis.call('PEXPIRE', KEYS[3], ARGV[3])
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'last_seen_at', slot.seen)
end
return {1, poll}
