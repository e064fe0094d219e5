-- Stores a login session of a user, unless the user is disabled or the credentials changed since the login. Ends the
--   oldest sessions beyond the limit.
-- KEYS: login session, the user's sessions, user
-- ARGV: generation of the credentials, session id, token hash, lifetime ms, idle ms, most sessions, prefix of session
--       keys, then (field, value)… of the session
-- Returns the fields and values of the session, or nil if it was not stored.
local user = redis.call('HMGET', KEYS[3], 'generation', 'disabled')
if user[1] ~= ARGV[1] or user[2] == '1' then
  return false
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local text = string.format('%.0f', now)
local life = tonumber(ARGV[4])
even_if_full(KEYS[1])
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'id', ARGV[2], 'generation', ARGV[1], 'created_at', text, 'seen_at', text,
    'expires_at', string.format('%.0f', now + life), unpack(ARGV, 8))
  redis.call('PEXPIRE', KEYS[1], math.min(life, tonumber(ARGV[5])))
  redis.call('ZADD', KEYS[2], now, ARGV[2] .. '|' .. ARGV[3])
  redis.call('PEXPIRE', KEYS[2], life) -- the newest session outlives the others
  redis.call('HSET', KEYS[3], 'last_login_at', text)
end
local over = redis.call('ZRANGE', KEYS[2], 0, -1 - tonumber(ARGV[6]))
for _, member in ipairs(over) do
  redis.call('DEL', ARGV[7] .. string.match(member, '|(.*)$'))
  redis.call('ZREM', KEYS[2], member)
end
return redis.call('HGETALL', KEYS[1])
