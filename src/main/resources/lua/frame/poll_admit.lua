-- Checks that frames of a long-poll session are new: each seq is above the last applied seq, and each nonce is unused.
-- slot.lua precedes this script.
-- KEYS: long-poll sessions, the session, its nonces (nonce -> call), order of the nonces
-- ARGV: the agent's nonce for the session, session id, name of this call, encoding, nonce memory ms, most nonces,
--       then (seq, nonce)…
-- Returns how many frames, counted from the first, are new, or -1 if the session does not exist. If this call was made
--   before and its reply was lost, the script admits the same frames again.
local slot = read_slot(redis.call('HGET', KEYS[1], ARGV[1]))
if not slot or slot.session ~= ARGV[2] then
  return -1
end
local nonces, order, call, memory = KEYS[3], KEYS[4], ARGV[3], tonumber(ARGV[5])
local now = now_ms()

local function forget()
  redis.call('HDEL', nonces, string.match(redis.call('LPOP', order), '^%d+|(.*)$'))
end

while true do
  local oldest = redis.call('LINDEX', order, 0)
  if not oldest or tonumber(string.match(oldest, '^%d+')) > now - memory then
    break
  end
  forget()
end
local admitted = 0
for i = 7, #ARGV, 2 do
  local by = redis.call('HGET', nonces, ARGV[i + 1])
  if (by and by ~= call) or (not by and tonumber(ARGV[i]) <= tonumber(slot.last)) then
    break
  end
  if not by then
    redis.call('HSET', nonces, ARGV[i + 1], call)
    if redis.call('RPUSH', order, ms(now) .. '|' .. ARGV[i + 1]) > tonumber(ARGV[6]) then
      forget()
    end
  end
  admitted = admitted + 1
end
redis.call('PEXPIRE', nonces, memory)
redis.call('PEXPIRE', order, memory)
redis.call('HSET', KEYS[2], 'encoding', ARGV[4])
return admitted
