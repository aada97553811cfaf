"""A delegate with a fault, for the fault bench: delegate.py FAULT SEED SHARE LOG. LOG gets a line for each question of that share.

What it says is "keep" wherever it says anything that could be an answer, so that answers must be those without it.
"""

import os
import random
import sys
import time


def say(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def good(number):
    return '{"id":%s,"ok":true,"keep":true}\n' % number


def number_of(line):
    return line.split('"id":', 1)[1].split(",", 1)[0]


def hang(number, chance):
    time.sleep(3600)


def death(number, chance):
    os.kill(os.getpid(), chance.choice([9, 11, 15])) if chance.random() < 0.5 else sys.exit(chance.randrange(4))


def flood(number, chance):
    if chance.random() < 0.5:
        say("x" * chance.randrange(1, 6_000_000))
    else:
        say('{"id":0,"ok":true,"keep":true}\n' * chance.randrange(1, 3000))
    say("\n" + good(number))


def lies(number, chance):
    say(chance.choice([
        '{"id":%s,"ok":true,"value":{"no":["such"]}}\n', '{"id":%s,"ok":true,"value":17}\n', '{"id":%s}\n',
        '{"id":%s,"ok":true,"value":"words that the text has not"}\n', '{"id":%s,"ok":true,"value":[[1],2]}\n',
        '{"id":%s,"ok":true,"value":{"size":[1,1],"counts":[1]}}\n', '{"id":%s,"ok":true,"value":1.5}\n', '{"id":-%s,"ok":true,"keep":true}\n',
        '{"id":1e%s,"ok":true}\n', '{"id":%s,"ok":false,"error":"no"}\n', '[%s]\n', '{"id":%s,"id":1,"ok":true}\n',
        '{"id":%s,"ok":true,"value":' + "[" * 600 + "]" * 600 + "}\n", '{"id":%s,"ok":true,"value":"\udc80"}\n',
    ]).replace("\udc80", "\\ud800") % number)


def halves(number, chance):
    line = good(number)
    cut = chance.randrange(1, len(line))
    say(line[:cut])
    if chance.random() < 0.3:
        sys.exit(0)
    time.sleep(chance.random() / 100)
    say(chance.choice([line[cut:], "\n" + line, "\0" + line[cut:]]))


def late(number, chance):
    time.sleep(chance.random() / 5)
    say(good(number))


def main():
    fault, seed, share = sys.argv[1], sys.argv[2], float(sys.argv[3])
    # A program that was started again does something else.
    chance = random.Random(seed + str(os.getpid()))
    if fault == "slow start":
        time.sleep(chance.random() / 2)
    act = {"hang": hang, "death": death, "flood": flood, "lies": lies, "half lines": halves, "slow start": late}[fault]
    for line in sys.stdin:
        number = number_of(line)
        if chance.random() < share:
            with open(sys.argv[4], "a") as log:
                log.write(fault + "\n")
            act(number, chance)
        else:
            say(good(number))


main()
