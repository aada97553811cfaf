#!/usr/bin/env python3
"""Times a knowledge base of a million made-up names: how long it takes to build and to open, and to look a post up.

    examples/benchmarks/knowledge.py [--gmner .build/release/gmner] [--names 1000000] [--posts 200000]

What is timed is the program, so a post's time has in it that it is read as JSON and that the answer is written as JSON.
"""

import argparse
import json
import pathlib
import random
import resource
import statistics
import subprocess
import tempfile
import time

SYLLABLES = [a + b for a in "b br c ch d f g gr h j k l m n p r s st t tr v w z".split() for b in "a e i o u ai ou".split()]
SMALL = "the of a to in and for on with at from by is was we you it they saw today about after who has been".split()


def word(random):
    return "".join(random.choice(SYLLABLES) for _ in range(random.randint(2, 4))).capitalize()


def entries(count, random):
    for number in range(count):
        name = " ".join(word(random) for _ in range(random.choice((1, 1, 2, 2, 2, 3))))
        entry = {"name": name, "id": f"Q{number}", "type": random.choice(("PER", "LOC", "ORG", "OTHER"))}
        if number % 2 == 0:
            entry["aliases"] = [f"{name} {word(random)}"]
        entry["description"] = " ".join(random.choice(SMALL) for _ in range(8))
        yield entry


def posts(count, names, random):
    """Fifteen words: two names that there are, and three words that might be."""
    for number in range(count):
        words = [random.choice(SMALL) for _ in range(10)] + [word(random) for _ in range(3)]
        words += [random.choice(names), random.choice("#@") + random.choice(names).replace(" ", "")]
        random.shuffle(words)
        yield {"id": number, "text": " ".join(words)}


def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds(clock, *command):
    start = clock()
    subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL, check=True)
    return clock() - start


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--gmner", default=".build/release/gmner")
    options.add_argument("--names", type=int, default=1_000_000)
    options.add_argument("--posts", type=int, default=200_000)
    options.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="cpu where others work too")
    options = options.parse_args()
    clock = cpu if options.clock == "cpu" else time.perf_counter
    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        made = list(entries(options.names, chance))
        for name, lines in (
            ("many", made), ("one", made[:1]), ("posts", posts(options.posts, [entry["name"] for entry in made], chance)),
        ):
            with open(folder / f"{name}.ndjson", "w") as file:
                file.writelines(json.dumps(line) + "\n" for line in lines)
        gmner = pathlib.Path(options.gmner)
        build = {name: seconds(clock, gmner, "knowledge", "build", folder / f"{name}.ndjson", "--to", folder / name)
                 for name in ("many", "one")}
        size = (folder / "many").stat().st_size

        def names(base, file):
            return seconds(clock, gmner, "knowledge", "names", folder / base, file)

        names("many", folder / "posts.ndjson")
        opening = statistics.median(names("many", "/dev/null") - names("one", "/dev/null") for _ in range(41))
        looking = [names("many", folder / "posts.ndjson") - names("many", "/dev/null") for _ in range(5)]
        empty = [names("one", folder / "posts.ndjson") - names("one", "/dev/null") for _ in range(5)]
    print(f"{options.names} names: built in {build['many']:.1f} s, {size >> 20} MiB")
    print(f"opening, more than with one name: {opening * 1e3:.2f} ms")
    for what, times in (("a post", looking), ("the same with one name", empty)):
        print(f"{what}: {statistics.median(times) / options.posts * 1e6:.1f} µs")


if __name__ == "__main__":
    main()
