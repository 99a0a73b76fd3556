"""Writes odds.json: scores, odds and probabilities of default computed with Python's decimal module at 120 digits and
rounded once.

    python3 tests/data/numbers/odds.py > tests/data/odds.json

One case is [function, first operand, pdo, base_score, base_good_odds, scale, rounding mode, result]; the result
"overflow" stands for 2^96 or more at that scale. The classes: everyday scores, arbitrary operands, powers of two
(rational results, ties among them), near ties (an operand of up to 28 digits chosen so that the result lies within
10^-20 or so of a rounding boundary), and extremes. The generator is seeded and draws no case twice.
"""

import json
import random
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    getcontext,
    localcontext,
)
from fractions import Fraction

getcontext().prec = 120
getcontext().Emax = 10**17
getcontext().Emin = -(10**17)
random.seed(20261130)
MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
}
MOST = 2**96
TWO = Decimal(2)
cases = []
seen = set()


def power_of_two(ratio):
    """k with ratio = 2^k, or nothing."""
    n, m = ratio.numerator, ratio.denominator
    if n & (n - 1) == 0 and m & (m - 1) == 0:
        return n.bit_length() - m.bit_length()
    return None


def score(odds, pdo, base_score, base_odds):
    k = power_of_two(Fraction(odds) / Fraction(base_odds))
    if k is not None:
        return Fraction(base_score) + Fraction(pdo) * k
    return base_score + pdo * (odds / base_odds).ln() / TWO.ln()


def odds(points, pdo, base_score, base_odds):
    exponent = (Fraction(points) - Fraction(base_score)) / Fraction(pdo)
    if exponent.denominator == 1 and abs(exponent) < 10000:
        return Fraction(base_odds) * Fraction(2) ** exponent.numerator
    exponent = Decimal(exponent.numerator) / Decimal(exponent.denominator)
    return base_odds * (exponent * TWO.ln()).exp()


def pd(*operands):
    good = odds(*operands)
    return 1 / (1 + good)


FUNCTIONS = {"score_from_good_odds": score, "good_odds_from_score": odds, "pd_from_score": pd}


def rounded(value, scale, mode):
    if abs(value) > Decimal(MOST):
        return "overflow"
    if isinstance(value, Fraction):
        scaled = value * 10**scale
        whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
        # One more digit that says on which side of the middle the rest lies: 0, 3, 5 or 7.
        digit = 0 if rest == 0 else 5 + 2 * ((2 * rest > scaled.denominator) - (2 * rest < scaled.denominator))
        value = Decimal(whole * 10 + digit).scaleb(-scale - 1).copy_sign(Decimal(scaled.numerator))
    with localcontext(Context(prec=400, Emax=10**17, Emin=-(10**17))):
        result = value.quantize(Decimal(1).scaleb(-scale), rounding=MODES[mode])
    if abs(int(result.scaleb(scale))) >= MOST:
        return "overflow"
    return format(abs(result) if result == 0 else result, "f")


def fit(value, digits=28):
    """The value with so many significant digits, as far as a decimal of ours holds it; or nothing."""
    value = Context(prec=digits).create_decimal(value)
    value = value.quantize(Decimal(1)) if value.as_tuple().exponent > 0 else value
    sign, figures, exponent = value.as_tuple()
    if exponent < -28:
        return fit(value, digits + exponent + 28) if digits + exponent + 28 > 0 else None
    return value if int("".join(map(str, figures))) < MOST else None


def case(function, operands, scale, mode):
    key = (function, *operands, scale, mode)
    if key in seen or any(operand is None for operand in operands):
        return
    seen.add(key)
    value = FUNCTIONS[function](*operands)
    cases.append([function, *(format(operand, "f") for operand in operands), scale, mode, rounded(value, scale, mode)])


CARDS = [(20, 600, 50), (50, 600, 19), (60, 750, 35), (-20, 600, 50), (40, 660, 72), ("28.5", "512.25", "0.0167")]
CARDS = [tuple(map(Decimal, card)) for card in CARDS]


def mode():
    return random.choice(list(MODES))


def number(digits, scale, signed=False):
    value = Decimal(random.randrange(1, 10**digits)).scaleb(-scale)
    return -value if signed and random.random() < 0.5 else value


# Everyday scores.
for card in CARDS:
    for points in [300, 437, 500, 550, 600, 620, 640, 700, 850]:
        case("good_odds_from_score", (Decimal(points), *card), random.randint(0, 12), mode())
        case("pd_from_score", (Decimal(points), *card), random.randint(4, 12), mode())
    for good in ["0.5", "1", "7", "19.53", "120", "99999"]:
        case("score_from_good_odds", (Decimal(good), *card), random.randint(0, 12), mode())

# Arbitrary operands.
for _ in range(60):
    card = (number(6, 3, True), number(9, 4, True), number(random.randint(1, 28), random.randint(0, 20)))
    case("score_from_good_odds", (number(random.randint(1, 28), random.randint(0, 28)), *card), random.randint(0, 12), mode())
    points = card[1] + card[0] * number(8, 7, True)
    case("good_odds_from_score", (points, *card), random.randint(0, 12), mode())
    case("pd_from_score", (points, *card), random.randint(0, 12), mode())

# Powers of two, with exact ties.
for card in CARDS:
    for k in [-40, -9, -3, -1, 0, 1, 2, 5, 31]:
        case("score_from_good_odds", (fit(card[2] * TWO**k), *card), random.randint(0, 2), mode())
        case("good_odds_from_score", (card[1] + card[0] * k, *card), random.randint(0, 12), mode())
        case("pd_from_score", (card[1] + card[0] * k, *card), random.randint(0, 12), mode())
for name in MODES:
    case("score_from_good_odds", tuple(map(Decimal, ["2", "1.25", "0", "1"])), 1, name)
    case("score_from_good_odds", tuple(map(Decimal, ["2", "-1.25", "0", "1"])), 1, name)
    case("good_odds_from_score", tuple(map(Decimal, ["-1", "1", "0", "0.25"])), 2, name)
    case("pd_from_score", tuple(map(Decimal, ["1", "1", "1", "7"])), 2, name)

# Near ties and near representable numbers, on both sides.
for _ in range(40):
    for function in FUNCTIONS:
        card = random.choice(CARDS)
        scale = random.randint(0, 12 if function != "good_odds_from_score" else 6)
        half = random.choice([Decimal("0.5"), Decimal(0)])
        if function == "score_from_good_odds":
            target = (number(4, 0) + half).scaleb(-scale) + random.randint(400, 700)
            first = fit(card[2] * ((target - card[1]) / card[0] * TWO.ln()).exp())
        else:
            if function == "pd_from_score":
                target = ((number(scale, 0) if scale else 0) + half).scaleb(-scale)
                if not 0 < target < 1:
                    continue
                good = 1 / target - 1
            else:
                good = (number(4, 0) + half).scaleb(-scale)
            first = fit(card[1] + card[0] * (good / card[2]).ln() / TWO.ln())
        for name in random.sample(list(MODES), 2):
            case(function, (first, *card), scale, name)

# As near as operands can make it: odds that differ from the base by 10^-28, and fewer points still.
near = Decimal("1.0000000000000000000000000001")
for name in MODES:
    case("score_from_good_odds", (near, Decimal("1e-28"), Decimal("0.5"), Decimal(1)), 0, name)
    case("score_from_good_odds", (near, Decimal("-1e-28"), Decimal("0.5"), Decimal(1)), 0, name)
    case("good_odds_from_score", (Decimal("1e-28"), Decimal(10**28), Decimal(0), Decimal("2.5")), 0, name)
    case("good_odds_from_score", (Decimal("-1e-28"), Decimal(10**28), Decimal(0), Decimal("2.5")), 0, name)
    case("pd_from_score", (Decimal("1e-28"), Decimal(10**28), Decimal(0), Decimal(7)), 2, name)
    case("pd_from_score", (Decimal("1e-28"), Decimal(-(10**28)), Decimal(0), Decimal(7)), 2, name)

# Extremes.
for name in MODES:
    for points in map(Decimal, ["100000", "-100000", "2520", "-2520", "4600", "4625", "-3400", "-3405", "12345"]):
        case("good_odds_from_score", (points, *CARDS[0]), 12, name)
        case("pd_from_score", (points, *CARDS[0]), 12, name)
    for base_odds in map(Decimal, ["1e-28", "1", "1e28"]):
        for steps in map(Decimal, ["61", "90.25", "100", "130.5", "185.75", "199", "200.5", "201", "202"]):
            sign = random.choice([-1, 1])
            card = (Decimal(20), Decimal(600), base_odds)
            case("good_odds_from_score", (600 + 20 * sign * steps, *card), 12, name)
            case("pd_from_score", (600 + 20 * sign * steps, *card), 12, name)
    case("score_from_good_odds", (Decimal("1e-28"), Decimal(20), Decimal(600), Decimal(10**28)), 12, name)
    case("score_from_good_odds", (Decimal(10**28), Decimal(10**27), Decimal(0), Decimal(1)), 2, name)

print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
