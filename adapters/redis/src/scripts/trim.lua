-- Forgets what is older than a topic keeps it. KEYS: the stream, its settings.
local retain = redis.call('HGET', KEYS[2], 'retain')
if not retain then return end
local now = redis.call('TIME')
local oldest = tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000) - tonumber(retain)
redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', math.max(oldest, 0)))
