-- Has batches of events take effect, in order: each is fenced, recognised when it came before, checked for replay,
-- appended, remembered with its answer, and renews its session's lease.
-- KEYS: event stream, stream totals, then per batch: slots, answers, answers' order, payload
--       (any key in its place when there is no payload under a key)
-- ARGV: lease ms, memory ms, memory count, retention ms, then per batch: agent, worker, session, seq, retried 0 or 1,
--       batch hash, answer (received|accepted|rejected), payload bytes (0 = nothing to store), payload (empty = under its key)
-- Only when events were rejected, KEYS end with: dead letters; and ARGV with: letters kept, bytes kept,
--       then per letter, in the order of the batches: batch from 1, letter.
-- Returns per batch: 'S|answer' (stored now), 'K|answer' (known), 'F1' (another session's slot), 'F0' (nobody's) or 'R' (replay).
-- Large payloads travel in keys of their own, written before this script in the same transaction: a payload that
-- goes through a script is copied several times. Whatever is not appended is dropped again here, so no two calls may
-- name the same key: what came again would overwrite and drop what is kept.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stamp = string.format('%d', now)
local lease = string.format('%d', now + tonumber(ARGV[1]))
local memory, remembered = tonumber(ARGV[2]), tonumber(ARGV[3])
local out = {}
local MOST_WAITING = 64

-- What several batches of a call share is read once, before anything is written, and written once, at the end: slots by
-- key and worker, what is remembered of agents by the key of their answers, and the bytes of the shard. Once a script
-- has written, the store refuses it nothing for want of memory or disk, so that it gets to its end.
local batches = math.floor((#KEYS - 2) / 4)
local slots, agents = {}, {}
local shard = { reserved = 0 }

local function slot_of(key, worker)
  local name = key .. '|' .. worker
  local slot = slots[name]
  if slot == nil then
    local text = redis.call('HGET', key, worker)
    slot = false
    if text then
      slot = { key = key, worker = worker }
      slot.session, slot.node, slot.epoch, slot.last, slot.displaced =
        string.match(text, '^([^|]*)|([^|]*)|([^|]*)|[^|]*|[^|]*|([^|]*)(.*)$')
    end
    slots[name] = slot
  end
  return slot
end

-- The slots and the agents of all batches, these with what is known of the batches that came before, by hash.
local function recall()
  for i = 0, batches - 1 do
    slot_of(KEYS[3 + i * 4], ARGV[6 + i * 9])
    local answers, hash = KEYS[4 + i * 4], ARGV[10 + i * 9]
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

-- More than come in, so that what is older than the memory goes; and all of it when nothing comes for long, a quarter
-- later than it might, so that most calls need not say so again.
local function forget(answers, order, came)
  local function is_old(entry)
    return entry and tonumber(string.sub(entry, 17)) <= now - memory
  end
  if is_old(redis.call('LINDEX', order, 0)) then
    local entries, old = redis.call('LRANGE', order, 0, 4 * came - 1), 0
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

-- Of those that are too many a few wait, so that most calls need not drop any.
local function keep(answers, agent)
  redis.call('HSET', answers, unpack(agent.pairs))
  local over = redis.call('RPUSH', agent.order, unpack(agent.entries)) - remembered
  local waiting = math.min(MOST_WAITING, math.floor(remembered / 100))
  if over > waiting then
    drop(answers, redis.call('LPOP', agent.order, math.min(over, waiting + 4 * #agent.entries)))
  end
  forget(answers, agent.order, #agent.entries)
end

-- Counts the bytes of this batch and of all behind it; what is not stored of them is given back at the end.
local function reserve(a)
  for at = a, 4 + (batches - 1) * 9, 9 do
    shard.reserved = shard.reserved + tonumber(ARGV[at + 8])
  end
  shard.total = redis.call('HINCRBY', KEYS[2], 'bytes', shard.reserved) - shard.reserved
end

local function append(k, a)
  local size = tonumber(ARGV[a + 8])
  if size == 0 then
    return
  end
  -- An entry without its payload would be a loss that is acked.
  if ARGV[a + 9] == '' and redis.call('PEXPIRE', KEYS[k + 4], ARGV[4]) == 0 then
    error('a payload is not there')
  end
  if not shard.total then
    reserve(a)
  end
  shard.reserved, shard.total = shard.reserved - size, shard.total + size
  local total = string.format('%d', shard.total)
  if ARGV[a + 9] ~= '' then
    redis.call('XADD', KEYS[1], '*', 'a', ARGV[a + 1], 'c', total, 's', ARGV[a + 8], 'e', ARGV[a + 9])
  else
    redis.call('XADD', KEYS[1], '*', 'a', ARGV[a + 1], 'c', total, 's', ARGV[a + 8], 'k', KEYS[k + 4])
  end
end

-- The letters of a batch that is stored now; the oldest of the shard go when there are too many of them.
local letter = 4 + batches * 9 + 3
local function bury(batch)
  local key, bytes = KEYS[#KEYS], 0
  while ARGV[letter] and tonumber(ARGV[letter]) < batch do
    letter = letter + 2
  end
  while ARGV[letter] and tonumber(ARGV[letter]) == batch do
    redis.call('XADD', key, '*', 'l', ARGV[letter + 1])
    bytes = bytes + #ARGV[letter + 1]
    letter = letter + 2
  end
  local first = 4 + batches * 9
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

local function take(k, a)
  local worker, mine, seq, hash = ARGV[a + 2], ARGV[a + 3], ARGV[a + 4], ARGV[a + 6]
  local slot = slot_of(KEYS[k + 1], worker)
  if not slot then
    return 'F0'
  end
  if slot.session ~= mine then
    return 'F1'
  end
  local agent = agents[KEYS[k + 2]]
  local known = agent.known[hash]
  local by, at, answer
  if known then
    by, at, answer = string.match(known, '^([^|]*)|([^|]*)|(.*)$')
    if by == mine and at == seq then
      return 'S|' .. answer
    end
  end
  if tonumber(seq) > tonumber(slot.last) then
    slot.last = seq
  elseif ARGV[a + 5] ~= '1' then
    return 'R'
  end -- else our own retry, behind frames of the same call that went through while this one was refused
  slot.renewed = true
  if known then
    return 'K|' .. answer
  end
  append(k, a)
  if (#KEYS - 2) % 4 == 1 then
    bury((k - 2) / 4 + 1)
  end
  remember(agent, hash, mine .. '|' .. ARGV[a + 4] .. '|' .. ARGV[a + 7])
  return 'S|' .. ARGV[a + 7], true
end

recall()
for i = 0, batches - 1 do
  local k, a = 2 + i * 4, 4 + i * 9
  local stored
  out[i + 1], stored = take(k, a)
  if not stored and ARGV[a + 8] ~= '0' and ARGV[a + 9] == '' then
    redis.call('UNLINK', KEYS[k + 4])
  end
end
for _, slot in pairs(slots) do
  if slot and slot.renewed then
    redis.call('HSET', slot.key, slot.worker, slot.session .. '|' .. slot.node .. '|' .. slot.epoch .. '|' .. stamp
      .. '|' .. lease .. '|' .. slot.last .. slot.displaced)
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
