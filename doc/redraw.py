#!/usr/bin/env python3
"""Draws a sample again: redraw.py SEED ROWS SIZE [STRATUM [COMMITMENT]]. The method is doc/sampling.md. STRATUM 0 is none.
Prints the seed's commitment and the row numbers in the order drawn. Ends with status 1 if the commitment given is another."""
import hashlib, sys

seed, rows, size = bytes.fromhex(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
stratum = int(sys.argv[4]) if len(sys.argv) > 4 else 0
commitment = hashlib.sha256(b"ledsyn sample commitment 1\n" + seed).hexdigest()
if len(sys.argv) > 5 and sys.argv[5].lower() != commitment:
    sys.exit("the commitment of this seed is another: " + commitment)
if stratum > 0:
    seed = hashlib.sha256(b"ledsyn sample stratum 1\n" + seed + stratum.to_bytes(8, "big")).digest()

def stream():
    for block in range(2**64):
        digest = hashlib.sha256(b"ledsyn sample draw 1\n" + seed + block.to_bytes(8, "big")).digest()
        for i in range(0, 32, 8):
            yield int.from_bytes(digest[i : i + 8], "big")

print(commitment)
numbers, moved = stream(), {}
for place in range(size):
    left = rows - place
    number = next(n for n in numbers if n < 2**64 // left * left)
    other = place + number % left
    print(moved.get(other, other) + 1)
    moved[other] = moved.get(place, place)
