/**
 * Inflates a gzip file on a thread of its own. It runs from a blob, which no
 * permission is needed for, so it imports nothing but the runtime's modules.
 *
 * It gets { path, chunkSize } and posts { buffer, length } for each chunk,
 * then { done: true }, or { code, message, offset } for an error. Buffers come
 * back when they were used: that is what bounds how far ahead it goes.
 */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";

/** How many chunks may be on their way. */
const BUFFERS = 32;

const unused = [];
let buffersCount = 0;
let wake = () => {};

self.onmessage = ({ data }) => {
  if (!data.path) {
    unused.push(data.buffer);
    wake();
    return;
  }
  inflate(data).then(
    () => self.postMessage({ done: true }),
    (error) => self.postMessage(error),
  );
};

async function inflate({ path, chunkSize }) {
  const gunzip = createGunzip({ chunkSize });
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  pipeline(file, gunzip, () => {});
  try {
    for await (const chunk of gunzip) {
      const buffer = await takeBuffer(chunkSize);
      new Uint8Array(buffer).set(chunk);
      self.postMessage({ buffer, length: chunk.length }, [buffer]);
    }
  } catch ({ code, message }) {
    throw { code, message, offset: gunzip.bytesWritten };
  }
}

async function takeBuffer(chunkSize) {
  while (unused.length === 0 && buffersCount === BUFFERS) {
    await new Promise((resolve) => wake = resolve);
  }
  const buffer = unused.pop();
  if (buffer) return buffer;
  buffersCount++;
  return new ArrayBuffer(chunkSize);
}
