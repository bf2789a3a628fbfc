/**
 * Compares with numpy itself, where there is a Python that has it. What is in
 * `npy_fixtures.ts` is tested everywhere.
 */
import { assertEquals } from "@std/assert";
import { encodeNpy, readNpy } from "../../src/arrays/npy.ts";
import { withFolder } from "./folders.ts";

const PROGRAM = `
import sys, warnings
import numpy as np
warnings.simplefilter("ignore")
folder, number, lines = sys.argv[1], 0, []
random = np.random.default_rng(1)
for code in "i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16 b1".split():
    for shape in [(), (0,), (1,), (7,), (1000000,), (3, 4), (1, 5), (5, 1), (0, 3), (2, 3, 4), (100,) + (1,) * 12 + (2,)]:
        if shape == (1000000,) and code not in ("b1", "u1"): continue
        size = int(np.prod(shape)) * np.dtype(code).itemsize
        bytes_ = random.integers(0, 2 if code == "b1" else 256, size, dtype="u1").tobytes()
        for order in "CF":
            values = np.frombuffer(bytes_, dtype=code).reshape(shape)
            values = values.copy(order=order) if shape else values.copy()
            path = f"{folder}/{number}"
            np.save(path + ".npy", values)
            # numpy writes NaNs with their payloads, and so do we.
            np.save(path + "_big.npy", values.astype(values.dtype.newbyteorder(">")) if values.dtype.kind not in "fc" else values.byteswap().view(values.dtype.newbyteorder(">")))
            lines.append(f"{number}")
            number += 1
print("\\n".join(lines))
`;

const python = findPython();

Deno.test({
  name: `encodeNpy() writes the files of numpy.save${
    python === undefined ? " (skipped: no Python with numpy)" : ""
  }`,
  ignore: python === undefined,
  fn: () =>
    withFolder((folder) => {
      const names = runPython(python!, ["-c", PROGRAM, folder]).split("\n");
      assertEquals(names.length, 14 * 10 * 2 + 4);
      for (const name of names) {
        const wanted = Deno.readFileSync(`${folder}/${name}.npy`).toBase64();
        for (const order of ["", "_big"]) {
          const array = readNpy(`${folder}/${name}${order}.npy`);
          assertEquals(encodeNpy(array).toBase64(), wanted, `${name}${order}`);
        }
      }
    }),
});

function findPython(): string | undefined {
  return ["/usr/bin/python3", "python3"].find((command) => {
    try {
      return runPython(command, ["-c", "import numpy; print(1)"]) === "1";
    } catch {
      return false;
    }
  });
}

function runPython(command: string, args: string[]): string {
  const { success, stdout, stderr } = new Deno.Command(command, { args })
    .outputSync();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr));
  return decoder.decode(stdout).trim();
}
