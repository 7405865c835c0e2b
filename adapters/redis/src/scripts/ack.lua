-- Acknowledges all that ARGV names behind the group. KEYS: the stream, its settings.
return finish(KEYS[1], KEYS[2], ARGV[1], { unpack(ARGV, 2) })
