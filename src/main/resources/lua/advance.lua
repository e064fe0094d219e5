-- Applies a frame that stores at most one small field: checks the session's slot, then the seq, then writes the field.
-- KEYS: slots (or long-poll sessions), hash that receives the field
-- ARGV: worker, session, seq, retried 0 or 1, lease ms, field (empty = store nothing), value
-- Returns 'OK' (applied), 'F1' (another session holds the slot), 'F0' (no session holds the slot) or 'R' (replay).
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
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[6], ARGV[7])
end
return 'OK'
