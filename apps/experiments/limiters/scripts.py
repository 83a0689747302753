"""How does Redis decide by itself? One Lua script for each limiter: it runs alone, so nobody comes between.

The same rules as in `algorithms`, on the server's own clock. A policy is written into its script, which is loaded once:
an argument less is a call that is measurably faster. Numbers stay below 2^53, where Lua's doubles are exact, because
times count from an epoch of the run's own; they are kept as eight bytes each, which costs less than text.
"""

from __future__ import annotations

from apps.experiments.limiters.algorithms import Policy

HEAD = """\
local limit, window, burst, ttl = {limit}, {window}, {burst}, '{ttl_ms}'
local call, key, now = redis.call, KEYS[1], ARGV[2]
if now then  -- a time base of the run's own
  now = tonumber(now)
else  -- microseconds of the server's clock since the epoch
  local time = call('TIME')
  now = time[1] * 1000000 + time[2] - ARGV[1]
end
"""

FIXED_WINDOW = """\
local current, window_of, count = math.floor(now / window), -1, 0
local state = call('GET', key)
if state then window_of, count = struct.unpack('dd', state) end
if window_of ~= current then count = 0 end
if count >= limit then return {now, now - (current + 1) * window} end
call('PSETEX', key, ttl, struct.pack('dd', current, count + 1))
return {now, 0}
"""

# A list, oldest first: only if it is full does its head matter, and then one goes for each that comes.
SLIDING_LOG = """\
if call('LLEN', key) >= limit then
  local free = call('LINDEX', key, 0) + window
  if free > now then return {now, now - free} end
  call('LPOP', key)
end
call('RPUSH', key, now)
call('PEXPIRE', key, ttl)
return {now, 0}
"""

SLIDING_COUNTER = """\
local current, into, before, count = math.floor(now / window), now % window, 0, 0
local state = call('GET', key)
if state then
  local of, b, c = struct.unpack('ddd', state)
  if of == current then before, count = b, c elseif of == current - 1 then before = c end
end
if before * (window - into) + (count + 1) * window <= limit * window then
  call('PSETEX', key, ttl, struct.pack('ddd', current, before, count + 1))
  return {now, 0}
end
local function opens(before, count)
  local room = limit - count - 1
  if before == 0 then return room >= 0 and 0 or window end
  return math.max(0, window - math.floor(room * window / before))
end
local open = opens(before, count)
if open >= window then open = window + opens(count, 0) end
return {now, into - open}
"""

BUCKET = """\
local tokens = burst * window
local state = call('GET', key)
if state then
  local kept, at = struct.unpack('dd', state)
  tokens = math.min(tokens, kept + (now - at) * limit)
end
if tokens < window then return {now, math.floor((tokens - window) / limit)} end
call('PSETEX', key, ttl, struct.pack('dd', tokens - window, now))
return {now, 0}
"""

QUEUE = """\
local state = call('GET', key)
local free = state and struct.unpack('d', state) or 0
if free < now * limit then free = now * limit end
local wait = free - now * limit
if wait > burst * window then return {now, math.floor((burst * window - wait) / limit)} end
call('PSETEX', key, ttl, struct.pack('d', free + window))
return {now, math.ceil(wait / limit)}
"""

GCRA = """\
local state = call('GET', key)
local due = state and struct.unpack('d', state) or 0
if due < now * limit then due = now * limit end
local early = due - now * limit - (burst - 1) * window
if early > 0 then return {now, math.floor(-early / limit)} end
call('PSETEX', key, ttl, struct.pack('d', due + window))
return {now, 0}
"""

BODIES = {
    "fixed-window": FIXED_WINDOW,
    "sliding-log": SLIDING_LOG,
    "sliding-counter": SLIDING_COUNTER,
    "token-bucket": BUCKET,
    "leaky-bucket": QUEUE,
    "gcra": GCRA,
}


def script(algorithm: str, policy: Policy, ttl_ms: int) -> str:
    """Return the script of a limiter. KEYS: the customer. ARGV: the epoch in microseconds, and the time if it is not
    the server's. It answers {time of the decision since the epoch, verdict}, both in microseconds.

    The key lives `ttl_ms` after the last admission; `forgets_after_ms` says how long it must.
    """
    head = HEAD.format(limit=policy.limit, window=policy.window, burst=policy.burst, ttl_ms=ttl_ms)
    return head + BODIES[algorithm]


def forgets_after_ms(policy: Policy) -> int:
    """Return after how many milliseconds without an admission nothing remembered matters: two windows for the
    counters, and for the buckets until `burst` has drained or refilled."""
    drains = (policy.burst + 1) * policy.window // policy.limit
    return max(2 * policy.window, drains) // 1000 + 1
