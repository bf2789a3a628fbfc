import { UsageError } from "./usage_error.ts";

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  K: 2 ** 10,
  KiB: 2 ** 10,
  kB: 1e3,
  M: 2 ** 20,
  MiB: 2 ** 20,
  MB: 1e6,
  G: 2 ** 30,
  GiB: 2 ** 30,
  GB: 1e9,
};

/**
 * Reads a number of bytes as people write it.
 *
 * @param text As `2GiB`, `500 MB` or `1000000`; `K`, `M` and `G` are binary.
 * @param option The option that has it, for messages.
 * @returns The number of bytes, whole and positive.
 * @throws {UsageError} If it is none.
 */
export function parseByteSize(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text);
  const unit = match && UNITS[match[2]!];
  const bytes = unit ? Math.floor(Number(match[1]) * unit) : 0;
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new UsageError(
    `${option} can't be ${text}: it is a number of bytes, as 2GiB`,
  );
}
