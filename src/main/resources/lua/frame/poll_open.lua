-- Finds or creates a long-poll session. If the agent has too many sessions, the least recently active ones end.
-- slot.lua precedes this script.
-- KEYS: agent record, long-poll sessions, ended sessions, last heartbeats, last statuses, mark of the shard
-- ARGV: the agent's nonce for the session, session id if the session is new, node,
--       poll (empty if the request is not a poll), lease ms, memory ms, most sessions, details, prefix of session keys
-- Returns {'OPEN', session id, 1 if the session is new or else 0, the poll that was waiting,
--   then of each ended session: nonce, session id, poll}, {'OVER'} (the session has ended),
--   {'GONE'} (the agent does not exist) or {'UNMARKED'} (nor does the shard, because Redis lost its data or somebody
--   deleted the project).
-- A session has the form that slot.lua describes, under the agent's nonce. Its order counts requests, because several may
--   arrive in one millisecond. The other keys of a session are prefix..id, a hash with details, poll (the poll that waits,
--   or the last one that did), out (seq of the brain's last frame) and encoding; and prefix..id with :nonces, :order and
--   :acks.
local record, polls, ended = KEYS[1], KEYS[2], KEYS[3]
local nonce, prefix, memory = ARGV[1], ARGV[9], tonumber(ARGV[6])
if redis.call('EXISTS', record) == 0 then
  return {redis.call('EXISTS', KEYS[6]) == 1 and 'GONE' or 'UNMARKED'}
end
if redis.call('ZSCORE', ended, nonce) then
  return {'OVER'}
end
local now = now_ms()
local evicted = {}

local function drop(name, slot)
  local id = slot.session
  evicted[#evicted + 1] = name
  evicted[#evicted + 1] = id
  evicted[#evicted + 1] = redis.call('HGET', prefix .. id, 'poll') or ''
  redis.call('HDEL', polls, name)
  redis.call('HDEL', KEYS[4], 'p:' .. name)
  redis.call('HDEL', KEYS[5], 'p:' .. name)
  redis.call('DEL', prefix .. id, prefix .. id .. ':nonces', prefix .. id .. ':order', prefix .. id .. ':acks')
  redis.call('ZADD', ended, ms(now), name)
  redis.call('ZREMRANGEBYRANK', ended, 0, -257)
  redis.call('PEXPIRE', ended, memory)
  redis.call('HSET', record, 'last_seen_at', slot.seen)
end

local slot = read_slot(redis.call('HGET', polls, nonce))
local id, seq = ARGV[2], '0'
if slot then
  id, seq = slot.session, slot.last
else
  local all = redis.call('HGETALL', polls)
  local sessions = {}
  for i = 1, #all, 2 do
    local session = read_slot(all[i + 1])
    session.name = all[i]
    sessions[#sessions + 1] = session
  end
  table.sort(sessions, function(a, b) return tonumber(a.epoch) < tonumber(b.epoch) end)
  for i, session in ipairs(sessions) do
    if tonumber(session.seen) < now - memory or #sessions - i + 1 >= tonumber(ARGV[7]) then
      drop(session.name, session)
    end
  end
  redis.call('HSET', record, 'last_connect_at', ms(now))
  redis.call('HSET', prefix .. id, 'details', ARGV[8])
end
local before = redis.call('HGET', prefix .. id, 'poll') or ''
redis.call('HSET', polls, nonce, id .. '|' .. ARGV[3] .. '|' .. redis.call('HINCRBY', record, 'poll_order', 1)
  .. '|' .. ms(now) .. '|' .. ms(now + tonumber(ARGV[5])) .. '|' .. seq)
redis.call('PEXPIRE', polls, memory)
if ARGV[4] ~= '' then
  redis.call('HSET', prefix .. id, 'poll', ARGV[4])
end
redis.call('PEXPIRE', prefix .. id, memory)
local out = {'OPEN', id, id == ARGV[2] and '1' or '0', ARGV[4] ~= '' and before or ''}
for _, value in ipairs(evicted) do
  out[#out + 1] = value
end
return out
