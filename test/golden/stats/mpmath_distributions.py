# Distribution functions in 50-digit arithmetic: python3 mpmath_distributions.py > mpmath_distributions.json (mpmath 1.3.0).
import json
from mpmath import mp, mpf, gammainc, betainc, loggamma, erf, erfc, ncdf, npdf, gamma, exp, log, beta, sqrt, pi, log1p, expm1
mp.dps = 50
cases = []
def add(of, at, value, upper=None):
    if value != 0 and (abs(value) < mpf("1e-300") or abs(value) > mpf("1e300")): return
    c = {"of": of, "at": at}
    if upper is not None: c["upper"] = upper
    c["value"] = mp.nstr(value, 20)
    cases.append(c)

def P(a, x, upper):  # incomplete gamma
    a, x = mpf(a), mpf(x)
    return gammainc(a, x, mp.inf, regularized=True) if upper else gammainc(a, 0, x, regularized=True)
def I(a, b, x, y, upper):
    # continued fraction-free: hypergeometric series on the side where the tail is small
    if upper: return I(b, a, y, x, False)
    mp.dps = 80
    v = x**a * y**b / (a * beta(a, b)) * mp.hyp2f1(a + b, 1, a + 1, x) if x < mpf("0.9") or a > 50 * b else 1 - y**b * x**a / (b * beta(a, b)) * mp.hyp2f1(a + b, 1, b + 1, y)
    mp.dps = 50
    return +v

for x in [1e-10, 1e-3, .1, .4999, .5, .9, 1, 1 + 1e-9, 1.3, 1.5, 1.9999, 2, 2.2, 2.5, 3.7, 6, 11.9, 12, 30.5, 1e3, 1e8]: add("logGamma", [x], loggamma(mpf(x)))
for x in [-.999, -.3, -1e-5, 1e-18, 1e-9, .1, 1, 1e6]: add("log1p", [x], log1p(mpf(x)))
for x in [-30, -1, -.31, -.29, -1e-7, 1e-18, 1e-3, .2, .5, 5, 300]: add("expm1", [x], expm1(mpf(x)))
for x in [-3, -.4, 1e-12, .2, 1, 1.55, 1.6, 3]: add("erf", [x], erf(mpf(x)))
for x in [-2, .1, 1, 1.6, 5, 20]: add("erfc", [x], erfc(mpf(x)))
for z in [0, .001, .5, 1, 1.96, 2.19, 2.21, 3, 5, 5.5, 8.3, 12.7, 20.1, 30.3, 37]:
    add("normalDensity", [z], npdf(mpf(z)))
    add("normalCdf", [z], erfc(-mpf(z) / sqrt(mpf(2))) / 2, False)
    add("normalCdf", [z], erfc(mpf(z) / sqrt(mpf(2))) / 2, True)
    add("normalCdf", [-z], erfc(mpf(z) / sqrt(mpf(2))) / 2, False)
for a in [.001, .05, .5, 1, 1.5, 3, 10.25, 50, 333, 1e4]:
    for r in [1e-6, .01, .3, .8, .99, 1, 1.05, 1.4, 3, 20, 200]:
        x = a * r if a >= 1 else r
        if x > 650 and r > 1.5: continue
        add("gammaCdf", [x, a, 1], P(a, x, False), False)
        add("gammaCdf", [x, a, 1], P(a, x, True), True)
        add("gammaDensity", [x, a], mpf(x)**(mpf(a) - 1) * exp(-mpf(x)) / gamma(mpf(a)))
for df in [.5, 1, 2, 3, 7.3, 10, 30, 155, 1e4, 1e8]:
    for t in [1e-8, .01, .3, 1, 1.7, 1.99, 3, 8, 40, 1e6]:
        if df >= 1e4 and t > 30: continue
        n, q = mpf(df), mpf(t)**2
        v = I(n / 2, mpf(1) / 2, n / (n + q), q / (n + q), False) / 2
        add("tCdf", [t, df], v, True)
        add("tCdf", [t, df], 1 - v, False)
        add("tDensity", [t, df], (1 + q / n)**(-(n + 1) / 2) / (sqrt(n) * beta(n / 2, mpf(1) / 2)))
for d1 in [1, 2, 5, 40]:
    for d2 in [1, 3, 17.5, 200]:
        for f in [1e-9, .01, .4, 1, 2.3, 9, 400]:
            a, b, x = mpf(d1) / 2, mpf(d2) / 2, mpf(f)
            X, Y = d1 * x / (d1 * x + d2), d2 / (d1 * x + d2)
            add("fCdf", [f, d1, d2], I(a, b, X, Y, False), False)
            add("fCdf", [f, d1, d2], I(a, b, X, Y, True), True)
for a in [.05, .5, 1, 4.5, 80]:
    for b in [.3, 2, 33, 900]:
        for x in [1e-12, 1e-3, .05, .3, .5, .77, .96875]:
            add("betaCdf", [x, a, b], I(mpf(a), mpf(b), mpf(x), 1 - mpf(x), False), False)
            add("betaCdf", [x, a, b], I(mpf(a), mpf(b), mpf(x), 1 - mpf(x), True), True)
            add("betaDensity", [x, a, b], mpf(x)**(mpf(a) - 1) * (1 - mpf(x))**(mpf(b) - 1) / beta(mpf(a), mpf(b)))
def C(n, k): return mp.binomial(n, k)
for n, p in [(5, .3), (40, .01), (200, .45), (1211, .2)]:
    for k in sorted({0, 1, n // 10, n // 3, n // 2, n - 1}):
        terms = [C(n, j) * mpf(p)**j * (1 - mpf(p))**(n - j) for j in range(n + 1)]
        add("binomialDensity", [k, n, p], terms[k])
        add("binomialCdf", [k, n, p], mp.fsum(terms[:k + 1]), False)
        add("binomialCdf", [k, n, p], mp.fsum(terms[k + 1:]), True)
for m in [.01, 2, 55.5]:
    for k in [0, 1, 3, 20, 120]:
        add("poissonDensity", [k, m], exp(-mpf(m)) * mpf(m)**k / gamma(k + 1))
        add("poissonCdf", [k, m], P(k + 1, m, True), False)
        add("poissonCdf", [k, m], P(k + 1, m, False), True)
print(json.dumps({"call": "mpmath_distributions.py", "cases": cases}, separators=(",", ":")).replace('},{', '},\n{'))
