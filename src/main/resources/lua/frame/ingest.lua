-- Stores batches of events, in order. For each batch, the script checks the session's slot, looks for an earlier copy
-- of the batch, checks the seq for a replay, appends the batch to the stream, remembers the answer and renews the
-- lease. slot.lua precedes this script.
-- KEYS: event stream, stream totals, then per batch: slots (or long-poll sessions), answers, order of the answers,
--       payload (any key if the batch has no payload key)
-- ARGV: lease ms, memory ms, memory count, retention ms, then per batch: agent, worker, session, seq, retried 0 or 1,
--       batch hash, answer (received|accepted|rejected), payload bytes (0 = nothing to store),
--       payload (empty = stored under its key), size of the events if the payload is compressed, else empty,
--       name of the reporting process (empty = the session has no worker id)
-- Only if events were rejected, KEYS end with: rejected events; and ARGV end with: most rejected events kept,
--       most bytes kept, then per rejected event, in the order of the batches: number of its batch from 1, event
-- Returns per batch: 'S|answer' (stored now), 'K|answer' (already known), 'F1' (another session holds the slot),
--       'F0' (no session holds the slot) or 'R' (replay).
-- Large payloads have their own keys, written before this script in the same transaction, because Lua copies an
-- argument several times. The script deletes every payload that it does not append. Therefore no two calls may use the
-- same payload key: the second call would overwrite and delete the payload that the first one stored.
local now = now_ms()
local stamp = string.format('%d', now)
local lease = string.format('%d', now + tonumber(ARGV[1]))
local memory, remembered = tonumber(ARGV[2]), tonumber(ARGV[3])
local out = {}
local MOST_OVER = 64

-- The script reads data that several batches share once, before its first write, and writes it once, at its end: slots
-- by key and worker, remembered batches of an agent by the key of its answers, and the bytes of the shard. After the
-- first write of a script, Redis no longer refuses its writes for lack of memory or disk space, so the script finishes.
local batches = math.floor((#KEYS - 2) / 4)
local slots, agents = {}, {}
local shard = { reserved = 0 }

local function slot_of(key, worker)
  local name = key .. '|' .. worker
  local slot = slots[name]
  if slot == nil then
    slot = read_slot(redis.call('HGET', key, worker)) or false
    if slot then
      slot.key, slot.worker = key, worker
    end
    slots[name] = slot
  end
  return slot
end

-- Reads the slots of all batches. Also reads, for each agent, which of the batches are already known by their hash.
local function read_known()
  for i = 0, batches - 1 do
    slot_of(KEYS[3 + i * 4], ARGV[6 + i * 11])
    local answers, hash = KEYS[4 + i * 4], ARGV[10 + i * 11]
    local agent = agents[answers]
    if not agent then
      agent = { order = KEYS[5 + i * 4], asked = {}, known = {}, pairs = {}, entries = {} }
      agents[answers] = agent
    end
    agent.asked[#agent.asked + 1] = hash
  end
  for answers, agent in pairs(agents) do
    local found = redis.call('HMGET', answers, unpack(agent.asked))
    for i, hash in ipairs(agent.asked) do
      agent.known[hash] = found[i]
    end
  end
end

local function remember(agent, hash, value)
  agent.known[hash] = value
  local n = #agent.entries
  agent.entries[n + 1] = hash .. stamp
  agent.pairs[2 * n + 1], agent.pairs[2 * n + 2] = hash, value
end

local function drop(answers, entries)
  for i, entry in ipairs(entries) do
    entries[i] = string.sub(entry, 1, 16)
  end
  redis.call('HDEL', answers, unpack(entries))
end

-- Forgets batches that are older than the memory: at most four times as many as are new, so that the old ones run out.
-- If the agent sends no batch for long, the keys expire. They live a quarter longer than the memory, so that most calls
-- need not renew them.
local function forget(answers, order, added)
  local function is_old(entry)
    return entry and tonumber(string.sub(entry, 17)) <= now - memory
  end
  if is_old(redis.call('LINDEX', order, 0)) then
    local entries, old = redis.call('LRANGE', order, 0, 4 * added - 1), 0
    while is_old(entries[old + 1]) do
      old = old + 1
    end
    drop(answers, redis.call('LPOP', order, old))
  end
  if redis.call('PTTL', answers) < memory then
    local time_to_live = string.format('%d', memory * 1.25)
    redis.call('PEXPIRE', answers, time_to_live)
    redis.call('PEXPIRE', order, time_to_live)
  end
end

-- Remembers the new batches. A few may exceed the limit, so that most calls need not delete any.
local function keep(answers, agent)
  redis.call('HSET', answers, unpack(agent.pairs))
  local over = redis.call('RPUSH', agent.order, unpack(agent.entries)) - remembered
  local slack = math.min(MOST_OVER, math.floor(remembered / 100))
  if over > slack then
    drop(answers, redis.call('LPOP', agent.order, math.min(over, slack + 4 * #agent.entries)))
  end
  forget(answers, agent.order, #agent.entries)
end

-- Counts the bytes of this batch and of all batches behind it. The end of the script gives back the bytes that were not
-- stored.
local function reserve(a)
  for at = a, 4 + (batches - 1) * 11, 11 do
    shard.reserved = shard.reserved + tonumber(ARGV[at + 8])
  end
  shard.total = redis.call('HINCRBY', KEYS[2], 'bytes', shard.reserved) - shard.reserved
end

local function append(k, a)
  local size = tonumber(ARGV[a + 8])
  if size == 0 then
    return
  end
  -- An entry without its payload would acknowledge events that are lost.
  if ARGV[a + 9] == '' and redis.call('PEXPIRE', KEYS[k + 4], ARGV[4]) == 0 then
    error('the payload of a batch is missing')
  end
  if not shard.total then
    reserve(a)
  end
  shard.reserved, shard.total = shard.reserved - size, shard.total + size
  local total = string.format('%d', shard.total)
  local form, payload = 'e', ARGV[a + 9]
  if payload == '' then
    form, payload = 'k', KEYS[k + 4]
  end
  local entry = { 'a', ARGV[a + 1], 'c', total, 's', ARGV[a + 8], form, payload }
  if ARGV[a + 10] ~= '' then
    entry[9], entry[10] = 'r', ARGV[a + 10]
  end
  if ARGV[a + 11] ~= '' then
    entry[#entry + 1], entry[#entry + 2] = 'w', ARGV[a + 11]
  end
  redis.call('XADD', KEYS[1], '*', unpack(entry))
end

-- Stores the rejected events of a batch that is stored now. Removes the oldest of the shard beyond either limit.
local next_rejected = 4 + batches * 11 + 3
local function store_rejected(batch)
  local key, bytes = KEYS[#KEYS], 0
  while ARGV[next_rejected] and tonumber(ARGV[next_rejected]) < batch do
    next_rejected = next_rejected + 2
  end
  while ARGV[next_rejected] and tonumber(ARGV[next_rejected]) == batch do
    redis.call('XADD', key, '*', 'l', ARGV[next_rejected + 1])
    bytes = bytes + #ARGV[next_rejected + 1]
    next_rejected = next_rejected + 2
  end
  local first = 4 + batches * 11
  local most, room = tonumber(ARGV[first + 1]), tonumber(ARGV[first + 2])
  local total = redis.call('HINCRBY', KEYS[2], 'letters', bytes)
  local over = redis.call('XLEN', key) - most
  while over > 0 or total > room do
    local oldest = redis.call('XRANGE', key, '-', '+', 'COUNT', 1)[1]
    if not oldest then
      return
    end
    redis.call('XDEL', key, oldest[1])
    total = redis.call('HINCRBY', KEYS[2], 'letters', -#oldest[2][2])
    over = over - 1
  end
end

local function ingest(k, a)
  local worker, session, seq, hash = ARGV[a + 2], ARGV[a + 3], ARGV[a + 4], ARGV[a + 6]
  local slot = slot_of(KEYS[k + 1], worker)
  if not slot then
    return 'F0'
  end
  if slot.session ~= session then
    return 'F1'
  end
  local agent = agents[KEYS[k + 2]]
  local known = agent.known[hash]
  local by, at, answer
  if known then
    by, at, answer = string.match(known, '^([^|]*)|([^|]*)|(.*)$')
    if by == session and at == seq then
      return 'S|' .. answer
    end
  end
  if tonumber(seq) > tonumber(slot.last) then
    slot.last = seq
  elseif ARGV[a + 5] ~= '1' then
    return 'R'
  end -- A retry of our own: frames of the same call, behind it, may have passed while it was refused.
  slot.renewed = true
  if known then
    return 'K|' .. answer
  end
  append(k, a)
  if (#KEYS - 2) % 4 == 1 then
    store_rejected((k - 2) / 4 + 1)
  end
  remember(agent, hash, session .. '|' .. ARGV[a + 4] .. '|' .. ARGV[a + 7])
  return 'S|' .. ARGV[a + 7], true
end

read_known()
for i = 0, batches - 1 do
  local k, a = 2 + i * 4, 4 + i * 11
  local stored
  out[i + 1], stored = ingest(k, a)
  if not stored and ARGV[a + 8] ~= '0' and ARGV[a + 9] == '' then
    redis.call('UNLINK', KEYS[k + 4])
  end
end
for _, slot in pairs(slots) do
  if slot and slot.renewed then
    slot.seen, slot.ends = stamp, lease
    write_slot(slot.key, slot.worker, slot)
  end
end
if shard.reserved > 0 then
  redis.call('HINCRBY', KEYS[2], 'bytes', -shard.reserved)
end
for answers, agent in pairs(agents) do
  if #agent.entries > 0 then
    keep(answers, agent)
  end
end
return out
