-- KEYS: the stream, its settings, the dead letters. What all scripts that end a delivery have in common.
local stream, settings, dead = KEYS[1], KEYS[2], KEYS[3]
local group, me, wait, most, topic = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local has_dead = ARGV[6] == '1'
-- So idle that everybody may claim it. Longer than the age of the clock would count as not at all.
local FREE = 2592000000

-- What is done, which is told at the end, all at once.
local acked, is_acked = {}, {}
local function done(id)
  acked[#acked + 1] = id
  is_acked[id] = true
end

local function flush()
  if #acked > 0 then finish(stream, settings, group, acked) end
end

local function bury(id, deliveries, reason)
  local entry = redis.call('XRANGE', stream, id, id)[1]
  if entry and has_dead then
    local letter = {}
    local function add(name, value)
      letter[#letter + 1] = name
      letter[#letter + 1] = value
    end
    for i = 1, #entry[2], 2 do
      local name = entry[2][i]
      if name == 'id' then name = 'h:dead-id' end
      if name ~= 'dead' then add(name, entry[2][i + 1]) end
    end
    add('h:dead-topic', topic)
    add('h:dead-partition', '0')
    add('h:dead-group', group)
    add('h:dead-attempts', tostring(deliveries))
    add('h:dead-reason', reason)
    add('dead', id)
    redis.call('XADD', dead, '*', unpack(letter))
  end
  done(id)
end
