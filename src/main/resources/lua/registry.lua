-- Applies a registry_delta: checks the session's slot, then the seq, then removes and upserts entries.
-- KEYS: slots (or long-poll sessions), the agent's registry (engine|name -> entry)
-- ARGV: worker, session, seq, retried 0 or 1, lease ms, engine, most entries, number of removed names, removed names…,
--       (name, entry)…
-- Returns 'OK', 'F1', 'F0' or 'R' as in advance.lua. The script omits new entries beyond the limit.
local slot = redis.call('HGET', KEYS[1], ARGV[1])
if not slot then
  return 'F0'
end
local session, node, epoch, last, displaced =
  string.match(slot, '^([^|]*)|([^|]*)|([^|]*)|[^|]*|[^|]*|([^|]*)(.*)$')
if session ~= ARGV[2] then
  return 'F1'
end
local seq = ARGV[3]
if tonumber(seq) <= tonumber(last) then
  if ARGV[4] ~= '1' then
    return 'R'
  end
  seq = last -- A retry of our own. Frames behind it may have passed while it was refused; they are sent again after it.
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], session .. '|' .. node .. '|' .. epoch .. '|' .. string.format('%.0f', now)
  .. '|' .. string.format('%.0f', now + tonumber(ARGV[5])) .. '|' .. seq .. displaced)
local first = 9
local added = first + tonumber(ARGV[8])
for i = first, added - 1 do
  redis.call('HDEL', KEYS[2], ARGV[6] .. '|' .. ARGV[i])
end
local room = tonumber(ARGV[7]) - redis.call('HLEN', KEYS[2])
for i = added, #ARGV, 2 do
  local field = ARGV[6] .. '|' .. ARGV[i]
  if room > 0 or redis.call('HEXISTS', KEYS[2], field) == 1 then
    room = room - redis.call('HSET', KEYS[2], field, ARGV[i + 1])
  end
end
return 'OK'
