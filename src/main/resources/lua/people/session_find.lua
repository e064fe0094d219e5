-- Finds a login session that is still valid, together with its user.
-- KEYS: login session
-- ARGV: prefix of user keys, idle ms, 1 if the session is being used or else 0, least ms between two updates of seen_at
-- Returns {fields and values of the session, fields and values of the user}, or nil if there is no valid session.
local function hash(key)
  local fields, flat = {}, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do
    fields[flat[i]] = flat[i + 1]
  end
  return fields, flat
end

local session = hash(KEYS[1])
if not session.user_id then
  return false
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local idle, seen, left = tonumber(ARGV[2]), tonumber(session.seen_at), tonumber(session.expires_at) - now
if left <= 0 or now - seen >= idle then
  return false
end
local user, flat = hash(ARGV[1] .. session.user_id)
if user.generation ~= session.generation or user.disabled == '1' then
  return false
end
if ARGV[3] == '1' and now - seen >= tonumber(ARGV[4]) then
  even_if_full(KEYS[1])
  redis.call('HSET', KEYS[1], 'seen_at', string.format('%.0f', now))
  redis.call('PEXPIRE', KEYS[1], math.min(left, idle))
end
return {redis.call('HGETALL', KEYS[1]), flat}
