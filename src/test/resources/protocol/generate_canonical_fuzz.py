"""Writes canonical-fuzz.bin.gz: seeded random documents, each with the result of Python's json module.

    python3 generate_canonical_fuzz.py [COUNT [SEED [FILE]]]

Each record has three parts: a kind byte (V = any value, F = a frame), the document, and the expected result. Document
and result are each a 4-byte big-endian length followed by the bytes. The result is the canonical form of the document;
the length -1 means that the document must be rejected. The result for a frame is the canonical form of the signed
content: without `hmac`, and with the three ids of the session. The fixture was generated with CPython 3.11.
"""
import gzip
import json
import math
import random
import struct
import sys
from fractions import Fraction

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261122
FILE = sys.argv[3] if len(sys.argv) > 3 else "canonical-fuzz.bin.gz"
MAX_DEPTH = 512
BINDING = {"agent_id": "agent-1", "project_id": "project-é", "session_id": "session-1"}

sys.setrecursionlimit(20_000)
r = random.Random(SEED)

# ---------------------------------------------------------------- expected results


def depth_of(text):
    depth = deepest = i = 0
    while i < len(text):
        c = text[i]
        if c == '"':
            i += 1
            while i < len(text) and text[i] != '"':
                i += 2 if text[i] == "\\" else 1
        elif c in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif c in "]}":
            depth -= 1
        i += 1
    return deepest


def answer(kind, data):
    try:
        text = data.decode("utf-8")
        value = json.loads(text)
        if depth_of(text) > MAX_DEPTH:
            return None
        if kind == b"F":
            if not isinstance(value, dict):
                return None
            value.pop("hmac", None)
            value.update(BINDING)
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError):
        return None


# ---------------------------------------------------------------- numbers


def double(bits):
    return struct.unpack(">d", struct.pack(">Q", bits))[0]


def finite():
    while True:
        how = r.randrange(8)
        if how == 0:
            x = double(r.getrandbits(64))
        elif how == 1:
            x = math.ldexp(1.0, r.randint(-1074, 1023)) * r.choice((1, -1))
        elif how == 2:
            x = double((r.randint(0, 2046) << 52) + r.choice((0, 1, 2, (1 << 52) - 1, (1 << 52) - 2)))
        elif how == 3:
            x = double(r.getrandbits(52))
        elif how == 4:
            x = float(r.randint(-(10**r.randint(1, 18)), 10 ** r.randint(1, 18)))
        elif how == 5:
            x = round(r.uniform(0, 10 ** r.randint(-6, 6)), r.randint(0, 9))
        elif how == 6:
            x = r.random() * 10.0 ** r.randint(-12, 20)
        else:
            x = float(f"{r.randint(1, 99999)}e{r.randint(-320, 305)}")
        if math.isfinite(x):
            return x


def midpoint():
    """Returns the exact decimal halfway between two doubles, or a decimal very close to it."""
    bits = r.choice((r.getrandbits(52), (r.randint(1, 2045) << 52) | r.getrandbits(52), (r.randint(900, 1150) << 52) | r.getrandbits(52)))
    middle = (Fraction(double(bits)) + Fraction(double(bits + 1))) / 2
    shift = 0
    while middle.denominator != 1 and shift < 1200:
        middle *= 10
        shift += 1
    digits = str(middle.numerator)
    if r.random() < 0.5:
        digits += r.choice(("0", "1", "00000001"))
        shift += 1 if digits.endswith("1") and not digits.endswith("00000001") else 0
    if len(digits) > 400 and r.random() < 0.8:
        return repr(double(bits))
    return f"{digits}e-{shift}" if r.random() < 0.5 else f"{digits[0]}.{digits[1:] or '0'}E{len(digits) - 1 - shift:+d}"


def number():
    how = r.randrange(16)
    if how < 3:
        return str(r.randint(-1000, 1000))
    if how == 3:
        return str(r.randint(-(2**70), 2**70))
    if how == 4:
        return r.choice(("-0", "0", "0.0", "-0.0", "0e0", "-0E-0", "0.000", "0e999999999999", "9007199254740993", "-9223372036854775808"))
    if how == 5:
        digits = r.choice((5, 40, 300)) if r.random() < 0.97 else r.choice((4299, 4300, 4301, 5000))
        return r.choice(("", "-")) + str(r.randint(1, 9)) + "".join(r.choices("0123456789", k=digits - 1))
    if how < 10:
        return repr(finite())
    if how == 10:
        return midpoint() if r.random() < 0.3 else repr(finite())
    if how == 11:
        x = finite()
        return r.choice(("%.3f", "%.17g", "%.20e", "%E", "%.1f", "%.16e", "%g")) % (x if abs(x) < 1e30 else 1.5)
    if how == 12:
        return f"{r.choice(('', '-'))}{r.randint(0, 10**r.randint(1, 25))}{r.choice(('', '.' + str(r.randint(0, 10**9)), '.' + '0' * r.randint(1, 30)))}{r.choice('eE')}{r.choice(('', '+', '-'))}{r.randint(0, 400):0{r.randint(1, 4)}d}"
    if how == 13:
        return f"{r.choice(('', '-'))}0.{'0' * r.randint(0, 8)}{r.randint(1, 10**r.randint(1, 14))}"
    if how == 14:
        return f"{r.randint(0, 10**r.randint(1, 18))}.{r.randint(0, 10**r.randint(1, 18))}"
    if r.random() < 0.3:
        return r.choice(("NaN", "Infinity", "-Infinity", "1e400", "-1e309", "1.7976931348623159e308", "1.7976931348623157e308", "4.9e-324", "2e-324", "123456789e-9999999999"))
    return f"{r.randint(0, 10**15)}{r.choice(('', '0', '00'))}.{r.choice(('0', '5', '10', '50', '25'))}"


# ---------------------------------------------------------------- strings

POOL = ['"', "\\", "/", "\b", "\f", "\n", "\r", "\t", "\0", "\x01", "\x1f", "\x7f", "\x80", "é", "ß", "߿", "ࠀ", "日", "本",
        "\u2028", "\u2029", "\ud7ff", "\ue000", "\ufeff", "\ufffe", "\uffff", "😀", "🧠", "\U00010000", "\U0010ffff"]
SHORT = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def hex4(unit):
    return "\\u" + "".join(r.choice((c, c.upper())) for c in f"{unit:04x}")


def spell(c):
    """Returns one of the possible JSON spellings of a character."""
    how = r.random()
    if c in SHORT and how < 0.6:
        return SHORT[c] if c != "/" or how < 0.2 else c
    if c < " " or c in '"\\' or how < 0.12:
        units = struct.unpack(">%dH" % (len(c.encode("utf-16-be")) // 2), c.encode("utf-16-be"))
        return "".join(hex4(u) for u in units)
    return c


def text():
    how = r.random()
    if how < 0.45:
        return "".join(r.choices("abcdefghijklmnopqrstuvwxyz_.0123456789 ", k=r.randint(0, 24)))
    if how < 0.9:
        return "".join(r.choice(POOL) if r.random() < 0.4 else chr(r.randint(32, 126)) for _ in range(r.randint(0, 20)))
    return "".join(chr(r.choice((r.randint(0x80, 0x7FF), r.randint(0x800, 0xD7FF), r.randint(0xE000, 0xFFFF), r.randint(0x10000, 0x10FFFF)))) for _ in range(r.randint(0, 12)))


def string(value=None):
    if value is None:
        value = text()
    if r.random() < 0.5:
        body = json.dumps(value, ensure_ascii=r.random() < 0.5)[1:-1]
    else:
        body = "".join(spell(c) for c in value)
    if r.random() < 0.01:
        body += r.choice((hex4(r.randint(0xD800, 0xDFFF)), "\\ud83d\\u0041", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00", "\\ud83dx"))
    return '"' + body + '"'


# ---------------------------------------------------------------- documents

KEYS = ["a", "b", "aa", "A", "Z", "_", "0", "10", "9", "", " ", "é", "ß", "日本", "\ue000", "\uffff", "😀", "🧠x", 'a"b', "back\\slash", "tab\t", "nl\n",
        "\0", "\x1f", "\x7f", "\u2028", "/", "queue", "task_name", "hmac", "id", "a/b"]


def space():
    return "".join(r.choices(" \t\n\r", k=r.randint(1, 3))) if r.random() < 0.06 else ""


def value(level):
    how = r.random()
    if level > 0 and how < 0.22:
        return obj(level - 1)
    if level > 0 and how < 0.36:
        return "[" + space() + ",".join(space() + value(level - 1) + space() for _ in range(r.randint(0, 5))) + space() + "]"
    if how < 0.62:
        return number()
    if how < 0.9:
        return string()
    return r.choice(("true", "false", "null"))


def obj(level, names=None):
    names = list(names) if names is not None else [r.choice(KEYS) if r.random() < 0.8 else text() for _ in range(r.randint(0, 7))]
    if names and r.random() < 0.15:
        names.insert(r.randint(0, len(names)), r.choice(names))
    return "{" + space() + ",".join(space() + string(n) + space() + ":" + space() + value(level) + space() for n in names) + space() + "}"


def event():
    data = ["task_name", "queue", "worker", "args", "kwargs", "runtime"]
    r.shuffle(data)
    return '{"id":"%032x","engine":"celery","task_id":%s,"kind":"task.sent","occurred_at":"2026-11-22T12:00:00Z","data":%s}' % (
        r.getrandbits(128), string(), obj(1, data[: r.randint(0, 6)]))


def frame():
    bound = [n for n in ("hmac", "agent_id", "project_id", "session_id") if r.random() < 0.6]
    members = ['"v":2', '"type":"event_batch"', '"id":' + string(), '"seq":%d' % r.randint(1, 2**53), '"ts":null', '"nonce":' + string()]
    for name in bound * r.choice((1, 1, 2)):
        odd = r.choice(("NaN", '"\\ud800"', "1e999", "-Infinity", '{"x":[NaN,"\\udc00"]}')) if r.random() < 0.4 else value(2)
        members.append(string(name) + space() + ":" + odd)
    if r.random() < 0.3:
        members.append(string(r.choice(("agent_i", "agent_id0", "hmab", "hmacs", "z", "", "project_ie", "session", "😀"))) + ":" + value(1))
    if r.random() < 0.1:
        members.append('"dup":NaN')
        members.append('"dup":' + r.choice(("1", "1", "NaN")))
    members.append('"payload":' + ("{" + '"events":[' + ",".join(event() for _ in range(r.randint(0, 3))) + "]}" if r.random() < 0.4 else obj(2)))
    r.shuffle(members)
    gap = r.choice((",", ",", ", "))
    return "{" + gap.join(members) + "}"


def nested():
    deep = r.choice((r.randint(1, 40), 509, 510, 511, 512, 513, 600))
    opening, closing = "", ""
    for _ in range(deep):
        if r.random() < 0.5:
            opening, closing = opening + "[", "]" + closing
        else:
            opening, closing = opening + '{"b":1,"a":', "}" + closing
    return opening + r.choice(("1", "[]", "{}", '"x"') if deep < 509 else ("1", '"x"')) + closing


def wide():
    n = r.randint(50, 300)
    return "{" + ",".join(f'"{r.randint(0, n * 2)}":{r.randint(0, 9)}' for _ in range(n)) + "}"


BAD_UTF8 = [b"\x80", b"\xbf", b"\xc0\xaf", b"\xc1\xbf", b"\xe0\x80\x80", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf0\x80\x80\x80",
            b"\xf0\x8f\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xff", b"\xfe", b"\xc3", b"\xe6\x97", b"\xf0\x9f\x98", b"\xc3(", b"\xe6\x97(", b"\xf0\x9f\x98("]
JUNK = [b",", b":", b"]", b"}", b"[", b"{", b'"', b"\\", b"\\x", b"\\u12", b"\\u12g4", b"\x00", b"\x1f", b"\x7f", b"'", b"/", b"//", b"#", b"-", b"+1", b".5", b"1.", b"01",
        b"1e", b"1e+", b"-a", b"0x1", b"tru", b"nul", b"True", b"None", b"undefined", b"\x0b", b"\x0c", b"\xc2\xa0", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"NaN", b"-NaN", b"+Infinity", b"Inf", b",,", b"1 2", b"--1", b"1_0"]


def mutated(data):
    data = bytearray(data)
    for _ in range(r.choice((1, 1, 1, 2, 3))):
        at = r.randint(0, len(data))
        how = r.randrange(6)
        if how == 0:
            data[at:at] = r.choice(JUNK)
        elif how == 1 and len(data) > 1:
            del data[at : at + r.randint(1, 3)]
        elif how == 2 and at < len(data):
            data[at] = r.randrange(256)
        elif how == 3:
            data[at:at] = r.choice(BAD_UTF8)
        elif how == 4:
            del data[at:]
        else:
            data[at : at + 1] = r.choice(JUNK)
    return bytes(data)


def document():
    how = r.random()
    if how < 0.22:
        kind, made = b"F", frame()
    elif how < 0.225:
        kind, made = b"V", nested()
    elif how < 0.228:
        kind, made = b"V", wide()
    elif how < 0.45:
        kind, made = b"V", "[" + number() + "," + number() + "]"
    elif how < 0.55:
        kind, made = b"V", string()
    else:
        kind, made = b"V", space() + value(r.randint(0, 4)) + space()
    data = made.encode("utf-8", "surrogatepass")
    if r.random() < 0.15:
        data = mutated(data)
    if kind == b"F":
        try:
            parsed = json.loads(data.decode("utf-8"))
            if type(parsed.get("v")) is not int or parsed["v"] != 2:
                kind = b"V"  # a frame of another version is rejected for its version, which this test does not cover
        except (ValueError, AttributeError, RecursionError):
            pass
    return kind, data


def main():
    refused = 0
    with open(FILE, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        for _ in range(COUNT):
            kind, data = document()
            canonical = answer(kind, data)
            refused += canonical is None
            out.write(kind + struct.pack(">i", len(data)) + data)
            out.write(struct.pack(">i", -1) if canonical is None else struct.pack(">i", len(canonical)) + canonical)
    print(f"{COUNT} documents, {refused} rejected")


main()
