"""Whether a FLAC frame holds samples that its own bit depth cannot.

libavcodec silently wraps such a sample to the other end of the scale (a loud click); libFLAC refuses the file since
1.4.0 (https://github.com/xiph/flac/issues/562). RFC 9639 forbids them. Only fixed and verbatim subframes of 16 bits
are looked at: the encoders that overflow are fast ones without a linear predictor.
"""

from __future__ import annotations

_BLOCK = {1: 192, 2: 576, 3: 1152, 4: 2304, 5: 4608, **{code: 256 << (code - 8) for code in range(8, 16)}}
_FIXED = ((), (1,), (2, -1), (3, -3, 1), (4, -6, 4, -1))
_DEPTH_16 = 4
_ESCAPE_BITS = 5


def overflows(frame: bytes) -> bool:
    """Whether a complete 16-bit mono frame decodes to a sample outside int16; ``False`` for what is not understood."""
    bits = f"{int.from_bytes(frame, 'big'):0{len(frame) * 8}b}"
    if (int(bits[28:31], 2), int(bits[24:28], 2)) != (_DEPTH_16, 0):
        return False
    size, at = _header(bits)
    kind = int(bits[at + 1 : at + 7], 2)
    if not 8 <= kind <= 12 or bits[at + 7] == "1":
        return False
    at += 8
    order = kind - 8
    samples = [_signed(bits, at + 16 * i, 16) for i in range(order)]
    taps = _FIXED[order]
    for residual in _residuals(bits, at + 16 * order, size, order):
        value = residual + sum(tap * samples[-1 - i] for i, tap in enumerate(taps))
        if not -32768 <= value <= 32767:
            return True
        samples.append(value)
    return False


def _header(bits: str) -> tuple[int, int]:
    """Samples in the block, and where the first subframe begins."""
    block, rate = int(bits[16:20], 2), int(bits[20:24], 2)
    at = 32 + 8 * max(1, bits[32:40].find("0"))
    size = _BLOCK.get(block, 0)
    if block in (6, 7):
        width = 8 * (block - 5)
        size = int(bits[at : at + width], 2) + 1
        at += width
    at += {12: 8, 13: 16, 14: 16}.get(rate, 0)
    return size, at + 8


def _signed(bits: str, at: int, width: int) -> int:
    value = int(bits[at : at + width], 2) if width else 0
    return value - (1 << width) if width and bits[at] == "1" else value


def _residuals(bits: str, at: int, size: int, order: int) -> list[int]:
    """The Rice-coded residual of one subframe (RFC 9639, section 9.2.7)."""
    width = 4 + int(bits[at : at + 2], 2)
    parts = 1 << int(bits[at + 2 : at + 6], 2)
    at += 6
    out: list[int] = []
    for part in range(parts):
        count = size // parts - (order if part == 0 else 0)
        rice = int(bits[at : at + width], 2)
        at += width
        if rice == (1 << width) - 1:
            raw = int(bits[at : at + _ESCAPE_BITS], 2)
            at += _ESCAPE_BITS
            out += [_signed(bits, at + raw * i, raw) for i in range(count)]
            at += raw * count
            continue
        for _ in range(count):
            stop = bits.index("1", at)
            low = int(bits[stop + 1 : stop + 1 + rice], 2) if rice else 0
            code = (stop - at) << rice | low
            at = stop + 1 + rice
            out.append((code >> 1) ^ -(code & 1))
    return out
