import type { NumberData } from "./data_array.ts";

/** The text of a number or bool that is there. */
export function numberText(
  { dtype, values }: NumberData,
  index: number,
): string {
  switch (dtype) {
    case "bool":
      return values[index] ? "true" : "false";
    case "float16":
      return floatText(Number(values[index]), Math.f16round);
    case "float32":
      return floatText(Number(values[index]), Math.fround);
    case "float64":
      return floatText(Number(values[index]), Number);
    case "complex64":
      return complexText(values, index, Math.fround);
    case "complex128":
      return complexText(values, index, Number);
    default:
      return String(values[index]);
  }
}

function complexText(
  values: NumberData["values"],
  index: number,
  round: (value: number) => number,
): string {
  const real = floatText(Number(values[2 * index]), round);
  const imaginary = floatText(Number(values[2 * index + 1]), round);
  const sign = imaginary.startsWith("-") ? "" : "+";
  return `${real}${sign}${imaginary}j`;
}

/** The fewest digits that `round` brings back to the value. */
function floatText(value: number, round: (value: number) => number): string {
  if (Object.is(value, -0)) return "-0";
  // JavaScript writes double precision, and what is not finite, as wanted.
  if (round === Number || !Number.isFinite(value)) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (round(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}
