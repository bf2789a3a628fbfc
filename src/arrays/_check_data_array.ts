import { countOf, thereAre } from "../io/plural.ts";
import { type DataArray, dataArrayLength } from "./data_array.ts";
import { componentCount, findNotBool, holdsDType } from "./dtypes.ts";

/**
 * Checks that the parts of an array fit each other.
 *
 * @throws {TypeError} If a part is of a wrong type or length, or a category is
 * repeated.
 * @throws {RangeError} If a bool, a mask or a code is out of bounds.
 */
export function checkDataArray(array: DataArray, what = "an array"): void {
  if (array.kind === "categorical") return checkCodes(array, what);
  if (array.kind === "number") checkNumbers(array, what);
  const { mask } = array;
  if (mask === undefined) return;
  if (!holdsDType(mask, "bool") || mask.length !== dataArrayLength(array)) {
    throw new TypeError(
      `Cannot use ${what}: its mask of ${mask.length} does not fit ` +
        `${countOf(dataArrayLength(array), "value")}`,
    );
  }
  checkBools(mask, `the mask of ${what}`);
}

function checkNumbers(
  { dtype, values }: DataArray & { kind: "number" },
  what: string,
): void {
  if (
    !holdsDType(values, dtype) || values.length % componentCount(dtype) !== 0
  ) {
    throw new TypeError(
      `Cannot use ${what}: its values are not an array of ${dtype}`,
    );
  }
  if (dtype === "bool") checkBools(values as Uint8Array, what);
}

function checkBools(bytes: Uint8Array, what: string): void {
  const wrong = findNotBool(bytes);
  if (wrong < 0) return;
  throw new RangeError(
    `Cannot use ${what}: the bool at ${wrong} is ${bytes[wrong]}`,
  );
}

function checkCodes(
  { codes, categories }: DataArray & { kind: "categorical" },
  what: string,
): void {
  if (
    !holdsDType(codes, "int8") && !holdsDType(codes, "int16") &&
    !holdsDType(codes, "int32")
  ) {
    throw new TypeError(
      `Cannot use ${what}: its codes are not int8, int16 or int32`,
    );
  }
  for (let index = 0; index < codes.length; index++) {
    if (codes[index]! >= -1 && codes[index]! < categories.length) continue;
    throw new RangeError(
      `Cannot use ${what}: the code at ${index} is ${codes[index]}, ` +
        `${thereAre(categories.length, "category", "categories")}`,
    );
  }
  const repeated = findRepeated(categories);
  if (repeated === undefined) return;
  throw new TypeError(
    `Cannot use ${what}: the category ${JSON.stringify(repeated)} is repeated`,
  );
}

function findRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
