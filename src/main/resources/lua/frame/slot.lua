-- Functions for slots, which precede the scripts of this folder that use them.
-- A slot has the form session|node|epoch|seen ms|lease end ms|last seq|displaced session|displaced node. A long-poll
-- session has the form of a slot without the last two fields, and with its order in place of the epoch.

-- The time of Redis in ms.
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Writes a number without an exponent.
local function ms(number)
  return string.format('%.0f', number)
end

-- Reads a slot. Its field displaced holds both displaced fields with the separators before them. nil if there is no slot.
local function read_slot(text)
  if not text then
    return nil
  end
  local slot = {}
  slot.session, slot.node, slot.epoch, slot.seen, slot.ends, slot.last, slot.displaced =
    string.match(text, '^([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)(.*)$')
  return slot
end

-- Writes a slot with the times and the last seq that it has now.
local function write_slot(key, worker, slot)
  redis.call('HSET', key, worker, slot.session .. '|' .. slot.node .. '|' .. slot.epoch .. '|' .. slot.seen .. '|'
    .. slot.ends .. '|' .. slot.last .. slot.displaced)
end

-- Advances the seq of a session's slot and renews the lease, before a frame has any effect. Returns nil, or the reason
-- to refuse the frame: 'F1' (another session holds the slot), 'F0' (no session holds the slot) or 'R' (replay).
local function advance(key, worker, session, seq, retried, lease, now)
  local slot = read_slot(redis.call('HGET', key, worker))
  if not slot then
    return 'F0'
  elseif slot.session ~= session then
    return 'F1'
  elseif tonumber(seq) > tonumber(slot.last) then
    slot.last = seq
  elseif not retried then
    return 'R'
  end -- A retry of our own keeps the last seq. Later frames may have taken effect while it was refused.
  slot.seen, slot.ends = ms(now), ms(now + lease)
  write_slot(key, worker, slot)
  return nil
end

-- Returns the details of a session, and a hash that identifies its process; nil unless host, pid and start time are known.
local function parse_details(text)
  local d = cjson.decode(text)
  if type(d.host) == 'string' and type(d.pid) == 'number' and type(d.started_at) == 'string' then
    return d, redis.sha1hex(d.host .. '|' .. d.pid .. '|' .. d.started_at)
  end
  return d, nil
end
