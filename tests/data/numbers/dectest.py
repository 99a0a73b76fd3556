"""Extracts from IBM's General Decimal Arithmetic testcases (they ship with CPython) the cases that Trutina's decimals
can express, as CSV: id, operation, rounding mode, first operand, second operand, expected result.

    python3 tests/data/numbers/dectest.py > tests/data/dectest.csv

Left out: operands or results outside 2^96 and 0 to 28 digits after the point, special values, other rounding modes.
"""
import pathlib
import re
from decimal import Context, Decimal

import test

MODES = {"half_up", "half_even", "down", "up", "floor", "ceiling"}
OPERATIONS = {"add", "subtract", "multiply", "divide", "quantize"}


def fits(number):
    sign, digits, exponent = number.as_tuple()
    return isinstance(exponent, int) and -28 <= exponent <= 0 and int("".join(map(str, digits))) < 2**96


def cases(name):
    rounding = None
    path = pathlib.Path(test.__file__).parent / "decimaltestdata" / (name + ".decTest")
    for line in path.read_text().splitlines():
        line = line.split("--")[0].strip()
        if match := re.fullmatch(r"rounding:\s*(\w+)", line):
            rounding = match[1]
        match = re.fullmatch(r"(\w+)\s+(\w+)\s+(\S+)\s+(\S+)\s+->\s+(\S+).*", line)
        if not match or match[2] not in OPERATIONS or rounding not in MODES:
            continue
        try:
            numbers = [Decimal(text.strip("'")) for text in match.groups()[2:]]
        except ArithmeticError:
            continue
        if all(map(fits, numbers)) and (match[2] != "multiply" or fits(exact_product(numbers))):
            a, b, result = (format(number, "f") for number in numbers)
            yield ",".join([match[1], match[2], rounding, a, b, result])


def exact_product(numbers):
    return Context(prec=200).multiply(numbers[0], numbers[1])


print("id,operation,rounding,a,b,result")
for name in ["quantize", "rounding", "divide", "multiply", "add", "subtract"]:
    print("\n".join(cases(name)))
