import { assertEquals, assertThrows } from "@std/assert";
import {
  escapeControls,
  Output,
  OutputClosedError,
} from "../../src/cli/output.ts";

function collect(): { texts: string[]; write: (bytes: Uint8Array) => void } {
  const texts: string[] = [];
  const write = (bytes: Uint8Array) => {
    texts.push(new TextDecoder().decode(bytes));
  };
  return { texts, write };
}

Deno.test("Output keeps text until it is flushed", () => {
  const { texts, write } = collect();
  const output = new Output(write);
  output.write("a\n");
  output.write("b\n");
  assertEquals(texts, []);
  output.flush();
  output.flush();
  assertEquals(texts, ["a\nb\n"]);
});

Deno.test("Output hands on bytes after the text before them", () => {
  const { texts, write } = collect();
  const output = new Output(write);
  output.write("a");
  output.writeBytes(new TextEncoder().encode("b"));
  assertEquals(texts, ["a", "b"]);
});

Deno.test("Output does not keep more than it must", () => {
  const { texts, write } = collect();
  const output = new Output(write);
  for (let line = 0; line < 100_000; line++) output.write("12345\n");
  assertEquals(texts.length > 5, true);
});

Deno.test("Output shields a terminal, and nothing else", () => {
  for (const isTerminal of [false, true]) {
    const { texts, write } = collect();
    const output = new Output(write, { isTerminal });
    output.write("\x1b[2J\tx\n");
    output.writeStyled("\x1b[1m");
    output.flush();
    const shown = isTerminal ? "\\x1b[2J\tx\n" : "\x1b[2J\tx\n";
    assertEquals(texts, [`${shown}\x1b[1m`]);
  }
});

Deno.test("Output says when its reader has gone", () => {
  const output = new Output(() => {
    throw new Deno.errors.BrokenPipe("Broken pipe (os error 32)");
  });
  output.write("x");
  assertThrows(() => output.flush(), OutputClosedError);
});

Deno.test("Output passes other errors on", () => {
  const output = new Output(() => {
    const error = new Error("No space left on device (os error 28)");
    throw Object.assign(error, { code: "ENOSPC" });
  });
  assertThrows(
    () => output.writeBytes(new Uint8Array(1)),
    Error,
    "Cannot write the output: the disk is full",
  );
});

Deno.test("escapeControls() leaves what only shows", () => {
  assertEquals(escapeControls("é 🧬\ta\nb"), "é 🧬\ta\nb");
  assertEquals(
    escapeControls("\x00\r\x7f\x9b\u202e"),
    "\\x00\\x0d\\x7f\\x9b\\u202e",
  );
});
