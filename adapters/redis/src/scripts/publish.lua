-- Adds messages, all or none, and answers with the id of the first. KEYS: the stream, its settings. ARGV: of each message
-- how many names and values it has, and these.
local stream, settings = KEYS[1], KEYS[2]
if redis.call('EXISTS', stream) == 0 then return false end
local retain, i, first = redis.call('HGET', settings, 'retain'), 1, nil
while i <= #ARGV do
  local count, entry = tonumber(ARGV[i]), {}
  if retain then
    local now = redis.call('TIME')
    local oldest = tonumber(now[1]) * 1000 - tonumber(retain)
    entry = { 'MINID', '~', string.format('%.0f', math.max(oldest, 0)) }
  end
  entry[#entry + 1] = '*'
  for field = i + 1, i + count do entry[#entry + 1] = ARGV[field] end
  local id = redis.call('XADD', stream, unpack(entry))
  first = first or id
  i = i + count + 1
end
return first
