/**
 * Arrays of texts as files: UTF-8, one text a line, each ended by `\n`; `\n`,
 * `\r` and `\` inside a text are escaped by a backslash.
 */

/** How many texts are encoded, and bytes decoded, at once. */
const PIECE_TEXTS = 1 << 15;
const PIECE_BYTES = 1 << 20;
const LINE_FEED = 0x0a;
/** What is escaped, but for line feeds; and surrogates, alone or in pairs. */
const NOT_PLAIN = /[\r\\\ud800-\udfff]/;
const ESCAPED = /[\n\r\\]/;

/**
 * Makes the bytes of a file of texts.
 *
 * @param values The texts.
 * @returns The file.
 * @throws {TypeError} If a text has half of a surrogate pair, which UTF-8 has
 * no bytes for.
 */
export function encodeText(values: Iterable<string>): Uint8Array {
  const pieces: Uint8Array[] = [];
  let texts: string[] = [];
  let count = 0;
  for (const value of values) {
    texts.push(value);
    if (texts.length < PIECE_TEXTS) continue;
    pieces.push(encodePiece(texts, count));
    count += texts.length;
    texts = [];
  }
  if (texts.length > 0) pieces.push(encodePiece(texts, count));
  return concatenate(pieces);
}

/**
 * Encodes some texts, of which the first is at `start`. Where none needs a
 * second look, as with names and barcodes, all are joined and looked at at
 * once.
 */
function encodePiece(texts: readonly string[], start: number): Uint8Array {
  const encoder = new TextEncoder();
  const plain = encodePlain(texts, encoder);
  if (plain) return plain;
  const lines = texts.map((text, at) => escapeText(text, start + at));
  return encoder.encode(lines.join("\n") + "\n");
}

/** The bytes of texts that need no escape; nothing where that is not so. */
function encodePlain(
  texts: readonly unknown[],
  encoder: TextEncoder,
): Uint8Array | undefined {
  if (!texts.every((text) => typeof text === "string")) return undefined;
  const joined = texts.join("\n") + "\n";
  if (NOT_PLAIN.test(joined)) return undefined;
  const bytes = encoder.encode(joined);
  let lines = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === LINE_FEED) lines++;
  }
  return lines === texts.length ? bytes : undefined;
}

/**
 * Reads the texts of a file.
 *
 * @param bytes The file.
 * @param name What messages call the file.
 * @returns The texts.
 * @throws {SyntaxError} If it is not UTF-8, a line is not ended, or a
 * backslash or carriage return stands where none may; with the line.
 */
export function decodeText(bytes: Uint8Array, name = "text"): string[] {
  checkLineEnds(bytes, name);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const values: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = pieceEnd(bytes, start);
    // Without the last line's end, which would make one line more.
    const piece = bytes.subarray(start, end - 1);
    const lines = decodePiece(decoder, piece, {
      name,
      line: values.length + 1,
    });
    for (const line of lines) values.push(line);
    start = end;
  }
  return values;
}

/** What messages say of the place of a text. */
interface Place {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

function escapeText(value: string, index: number): string {
  if (typeof value !== "string" || !value.isWellFormed()) {
    const why = typeof value === "string"
      ? "it has half of a surrogate pair"
      : `it is of type ${typeof value}`;
    throw new TypeError(`Cannot encode the text at ${index}: ${why}`);
  }
  if (!ESCAPED.test(value)) return value;
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

function checkLineEnds(bytes: Uint8Array, name: string): void {
  const carriageReturn = bytes.indexOf(0x0d);
  if (carriageReturn >= 0) {
    const line = countLineFeeds(bytes.subarray(0, carriageReturn)) + 1;
    throw new SyntaxError(
      `Cannot read ${name}: a carriage return is not escaped, in line ${line}`,
    );
  }
  if (bytes.length > 0 && bytes.at(-1) !== LINE_FEED) {
    const line = countLineFeeds(bytes) + 1;
    throw new SyntaxError(`Cannot read ${name}: line ${line} has no end`);
  }
}

/** The end of a piece of whole lines, one of which may be longer than it. */
function pieceEnd(bytes: Uint8Array, start: number): number {
  if (start + PIECE_BYTES >= bytes.length) return bytes.length;
  const last = bytes.lastIndexOf(LINE_FEED, start + PIECE_BYTES - 1);
  if (last >= start) return last + 1;
  return bytes.indexOf(LINE_FEED, start + PIECE_BYTES) + 1;
}

function decodePiece(
  decoder: TextDecoder,
  piece: Uint8Array,
  place: Place,
): string[] {
  const lines = decodeUtf8(decoder, piece, place).split("\n");
  if (!piece.includes(0x5c)) return lines;
  return lines.map((line, index) =>
    unescapeText(line, { ...place, line: place.line + index })
  );
}

function decodeUtf8(
  decoder: TextDecoder,
  piece: Uint8Array,
  place: Place,
): string {
  try {
    return decoder.decode(piece);
  } catch {
    const line = place.line + findNotUtf8(piece);
    throw new SyntaxError(
      `Cannot read ${place.name}: line ${line} is not UTF-8`,
    );
  }
}

/** The index of the first line of a piece that is not UTF-8. */
function findNotUtf8(piece: Uint8Array): number {
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
  const encoder = new TextEncoder();
  const again = encoder.encode(lenient.decode(piece));
  // The replacement character is the first difference.
  const wrong = piece.findIndex((byte, index) => byte !== again[index]);
  return countLineFeeds(piece.subarray(0, wrong));
}

function unescapeText(line: string, place: Place): string {
  if (!line.includes("\\")) return line;
  return line.replace(/\\(.?)/gsu, (escape, letter: string) => {
    if (letter === "n") return "\n";
    if (letter === "r") return "\r";
    if (letter === "\\") return "\\";
    throw new SyntaxError(
      `Cannot read ${place.name}: ${JSON.stringify(escape)} is no escape, ` +
        `in line ${place.line}`,
    );
  });
}

function countLineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === LINE_FEED) count++;
  return count;
}
