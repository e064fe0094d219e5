-- Appends records to the audit, all or none. Appends nothing unless the head of the chain is the expected one.
-- KEYS: stream of records, hash with both ends of the chain, hash of open records (actions under way)
-- ARGV: seq and mac of the expected head, seq, mac and seal of the new head, number of records,
--       then per record: id, mac, 1 to append only while the record is open or else 0, text
-- Returns {status, seq of the head, mac of the head, seq of the anchor, id of the record that is no longer open or ''}.
--   The status is APPENDED, MOVED (the head is not the expected one) or ENDED (a record is no longer open).
local stream, ends, open = KEYS[1], KEYS[2], KEYS[3]
local function answer(what, id)
  local now = redis.call('HMGET', ends, 'head_seq', 'head_mac', 'anchor_seq')
  return {what, now[1] or '0', now[2] or '', now[3] or '0', id or ''}
end

local now = redis.call('HMGET', ends, 'head_seq', 'head_mac')
local seq, mac = now[1] or '0', now[2] or ''
if seq == ARGV[3] and mac == ARGV[4] then -- our own retry after a lost reply
  return answer('APPENDED')
elseif seq ~= ARGV[1] or mac ~= ARGV[2] then
  return answer('MOVED')
end

-- The open records are read in any case, so that a key of the wrong type fails the script before it writes.
local count = tonumber(ARGV[6])
for i = 0, count - 1 do
  local id, only_open = ARGV[7 + 4 * i], ARGV[9 + 4 * i]
  local is_open = redis.call('HEXISTS', open, id) == 1
  if only_open == '1' and not is_open then
    return answer('ENDED', id)
  end
end
-- Every record belongs to a call that was admitted, or to a login: the trail must not lose it because Redis is full.
even_if_full(ends)
for i = 0, count - 1 do
  local at = 7 + 4 * i
  local place = string.format('%.0f', tonumber(ARGV[1]) + i + 1)
  redis.call('XADD', stream, place .. '-0', 'id', ARGV[at], 'mac', ARGV[at + 1], 'record', ARGV[at + 3])
  redis.call('HDEL', open, ARGV[at])
end
redis.call('HSET', ends, 'head_seq', ARGV[3], 'head_mac', ARGV[4], 'head_seal', ARGV[5])
return answer('APPENDED')
