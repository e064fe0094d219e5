-- Records the engines that an agent mentioned without a hello frame, each as a field of the agent's record. The field
-- 'told' counts them.
-- KEYS: agent record
-- ARGV: prefix of the fields, most engines, engine…
-- Returns 1, or 0 if the agent does not exist.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
for i = 3, #ARGV do
  local field = ARGV[1] .. ARGV[i]
  if redis.call('HEXISTS', KEYS[1], field) == 0
    and tonumber(redis.call('HGET', KEYS[1], 'told') or '0') < tonumber(ARGV[2]) then
    redis.call('HSET', KEYS[1], field, '1')
    redis.call('HINCRBY', KEYS[1], 'told', 1)
  end
end
return 1
