// Ed25519 (RFC 8032), checking only. The browser checks the equation; browsers differ in which
// unusual keys and signatures they let pass, so those are refused here first.
(function (check) {
  "use strict";

  const N = BigInt;
  const ZERO = N(0);
  const ONE = N(1);
  const TWO = N(2);
  const P = TWO ** N(255) - N(19);
  const ORDER = TWO ** N(252) + N("27742317777372353535851937790883648493");
  const SIGN = TWO ** N(255);
  const LOW = SIGN - ONE;
  const EIGHT = N(8);

  const mod = (number) => ((number % P) + P) % P;

  function power(base, exponent) {
    let result = ONE;
    for (let left = exponent, square = mod(base); left > ZERO; left >>= ONE) {
      if (left & ONE) {
        result = (result * square) % P;
      }
      square = (square * square) % P;
    }
    return result;
  }

  const D = mod(N(-121665) * power(N(121666), P - TWO));
  const ROOT_OF_MINUS_ONE = power(TWO, (P - ONE) / N(4));

  const fromLittle = (bytes) => check.toNumber(Uint8Array.from(bytes).reverse());

  // Points (X, Y, Z, T) of the twisted Edwards curve.
  function add(one, two) {
    const a = mod((one[1] - one[0]) * (two[1] - two[0]));
    const b = mod((one[1] + one[0]) * (two[1] + two[0]));
    const c = mod(TWO * one[3] * two[3] * D);
    const d = mod(TWO * one[2] * two[2]);
    const [e, f, g, h] = [b - a, d - c, d + c, b + a];
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  }

  // The point, or undefined if the bytes are not the one right encoding of a point on the curve.
  function decode(bytes) {
    const number = fromLittle(bytes);
    const isOdd = (number & SIGN) !== ZERO;
    const y = number & LOW;
    if (y >= P) {
      return undefined;
    }
    const square = mod((y * y - ONE) * power(D * y * y + ONE, P - TWO));
    let x = power(square, (P + N(3)) / EIGHT);
    if (mod(x * x - square) !== ZERO) {
      x = mod(x * ROOT_OF_MINUS_ONE);
    }
    if (mod(x * x - square) !== ZERO || (x === ZERO && isOdd)) {
      return undefined;
    }
    if (((x & ONE) === ONE) !== isOdd) {
      x = P - x;
    }
    return [x, y, ONE, mod(x * y)];
  }

  // True for the eight points of small order, which would fit signatures by nobody.
  function isWeak(point) {
    let eight = point;
    for (let times = 0; times < 3; times += 1) {
      eight = add(eight, eight);
    }
    return eight[0] === ZERO && mod(eight[1] - eight[2]) === ZERO;
  }

  function isGoodPoint(bytes) {
    const point = decode(bytes);
    return point !== undefined && !isWeak(point);
  }

  check.isPublicKey = (bytes) => bytes.length === 32 && isGoodPoint(bytes);

  check.checkEd25519 = async function (key, signature, message) {
    if (signature.length !== 64 || !check.isPublicKey(key)) {
      return false;
    }
    const [r, s] = [signature.slice(0, 32), signature.slice(32)];
    if (fromLittle(s) >= ORDER || !isGoodPoint(r)) {
      return false;
    }
    const made = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return crypto.subtle.verify({ name: "Ed25519" }, made, signature, message);
  };

  // The example of RFC 8032, section 7.1, test 2: whether this browser can check at all.
  const KEY = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
  const GOOD =
    "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6w" +
    "DSkWErsMAA==";

  check.isAble = async function () {
    if (typeof crypto === "undefined" || !crypto.subtle) {
      return false;
    }
    try {
      const [key, signature] = [check.fromBase64(KEY, "key"), check.fromBase64(GOOD, "key")];
      return await check.checkEd25519(key, signature, Uint8Array.of(0x72));
    } catch {
      // Browsers name what they lack in different ways.
      return false;
    }
  };
})((globalThis.onRecord = globalThis.onRecord || {}));
