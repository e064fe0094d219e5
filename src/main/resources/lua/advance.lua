-- Has a frame take effect that stores at most one small field: fence, then seq, then the effect.
-- KEYS: slots, effect hash
-- ARGV: worker, session, seq, retried 0 or 1, lease ms, field, value (an empty field = no effect)
-- Returns 'OK', 'F1' (another session's slot), 'F0' (nobody's) or 'R' (replay).
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
  seq = last -- our own retry: it may have been refused while frames behind it went through, which go again behind it too
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], session .. '|' .. node .. '|' .. epoch .. '|' .. string.format('%.0f', now)
  .. '|' .. string.format('%.0f', now + tonumber(ARGV[5])) .. '|' .. seq .. displaced)
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[6], ARGV[7])
end
return 'OK'
