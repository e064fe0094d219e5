-- Releases a slot if this session still holds it. slot.lua precedes this script.
-- KEYS: slots, agent record, session details, last heartbeats, last statuses, features of the sessions,
--       reported engine workers, features of sessions that ended
-- ARGV: worker, session
-- Returns {1, number of slots that the agent still holds, details of the session}, or {0} if the session does not hold
--   the slot.
local MOST_ENDED = 128

-- Forgets the features of a session. Remembers its engines and schedulers, each as a field e|name or s|name with the time
-- and, for engines, the actions: the agent's last ones, and those that may come back soon.
local function leave_features(features, ended, worker, stamp)
  local text = redis.call('HGET', features, worker)
  if not text then
    return
  end
  redis.call('HDEL', features, worker)
  local known = cjson.decode(text)
  for _, engine in ipairs(known.engines) do
    local actions = known.actions and known.actions[engine]
    redis.call('HSET', ended, 'e|' .. engine, stamp .. '|' .. (actions and table.concat(actions, ',') or '?'))
  end
  for _, scheduler in ipairs(known.schedulers) do
    redis.call('HSET', ended, 's|' .. scheduler, stamp .. '|?')
  end
  local over = redis.call('HLEN', ended) - MOST_ENDED
  if over > 0 then
    local all, oldest = redis.call('HGETALL', ended), {}
    for i = 1, #all, 2 do
      oldest[#oldest + 1] = {name = all[i], at = tonumber(string.match(all[i + 1], '^%d+'))}
    end
    table.sort(oldest, function(a, b) return a.at < b.at or (a.at == b.at and a.name < b.name) end)
    for i = 1, over do
      redis.call('HDEL', ended, oldest[i].name)
    end
  end
end

local slot = read_slot(redis.call('HGET', KEYS[1], ARGV[1]))
if not slot or slot.session ~= ARGV[2] then
  return {0}
end
local details = redis.call('HGET', KEYS[3], ARGV[1])
local left = redis.call('HLEN', KEYS[1]) - 1
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], 'w:' .. ARGV[1])
redis.call('HDEL', KEYS[5], 'w:' .. ARGV[1])
leave_features(KEYS[6], KEYS[8], ARGV[1], ms(now_ms()))
-- The engine workers of a process stay known while it reconnects. Once there are more than 16 beyond the slots, the script
-- deletes those without a slot.
local _, process = parse_details(details or '{}')
if not process then
  redis.call('HDEL', KEYS[7], ARGV[1])
elseif redis.call('HLEN', KEYS[7]) > left + 16 then
  for _, worker in ipairs(redis.call('HKEYS', KEYS[7])) do
    if worker ~= ARGV[1] and redis.call('HEXISTS', KEYS[1], worker) == 0 then
      redis.call('HDEL', KEYS[7], worker)
    end
  end
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  redis.call('HSET', KEYS[2], 'last_seen_at', slot.seen)
end
return {1, left, details or '{}'}
