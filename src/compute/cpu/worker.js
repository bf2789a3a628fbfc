/**
 * A thread of the CPU engine. It runs from its text, which no permission is
 * needed for, behind that of the runner.
 *
 * It gets { module }, then jobs. For a job it takes pieces until there are no
 * more, posts { advance } after each, and { isFinished } at the end, with what
 * went wrong: { piece, profile } for pairs that are not valid, { piece,
 * message } for all else. The caller looks for the cause.
 *
 * The words of `control`: the next piece, the piece behind which all stop, the
 * lock of the results, then for each thread whether it began.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { parentPort } from "node:worker_threads";

const NEXT = 0;
const STOP = 1;
const BEGAN = 3;

let runner;

parentPort.on("message", (data) => {
  if (data.module) {
    runner = new Runner(data.module);
    return;
  }
  const { job, files, control, thread } = unpack(data);
  // From here on the caller waits for this thread.
  Atomics.store(control, BEGAN + thread, 1);
  new Thread(job, files, control).work().then((failure) =>
    parentPort.postMessage({ isFinished: true, failure })
  );
});

/** Puts views of shared memory together again. */
function unpack(value) {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== "object" || value === null) return value;
  const { view, buffer, byteOffset, length } = value;
  if (view) return new globalThis[view](buffer, byteOffset, length);
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, unpack(field)]),
  );
}

class Thread {
  #job;
  #files;
  #control;
  #piece = -1;
  #file = -1;
  #descriptor;

  constructor(job, files, control) {
    this.#job = job;
    this.#files = files;
    this.#control = control;
  }

  async work() {
    try {
      runner.begin(this.#job);
      const failure = await this.#takePieces();
      runner.end();
      return failure;
    } catch (error) {
      runner.abandon();
      return this.#fail({ message: error.message });
    } finally {
      this.#close();
    }
  }

  async #takePieces() {
    const control = this.#control;
    const { pieces, parts } = this.#job;
    const isStopped = () => Atomics.load(control, STOP) < this.#piece;
    const read = (bytes, place, length, offset) =>
      readAll(this.#descriptor, bytes, place, length, offset);
    while ((this.#piece = Atomics.add(control, NEXT, 1)) < pieces.length) {
      if (isStopped()) return;
      const { part, first, end } = pieces[this.#piece];
      this.#open(parts[part].file);
      const bad = await runner.run(parts[part], first, end, read, isStopped);
      const { path, state } = this.#files[this.#file];
      check(statSync(path), state);
      if (bad >= 0) return this.#fail({ profile: bad });
      parentPort.postMessage({ advance: end - first });
    }
  }

  /** Stops all threads behind the piece. */
  #fail(why) {
    const piece = this.#piece;
    let stop = Atomics.load(this.#control, STOP);
    while (piece < stop) {
      stop = Atomics.compareExchange(this.#control, STOP, stop, piece);
    }
    return { piece, ...why };
  }

  /** Parts follow each other in pieces, so that one file is open at a time. */
  #open(file) {
    if (file === this.#file) return;
    this.#close();
    const { path, state } = this.#files[file];
    this.#descriptor = openSync(path, "r");
    this.#file = file;
    check(fstatSync(this.#descriptor), state);
  }

  #close() {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function check({ size, mtimeMs, ino }, { size: length, modified, inode }) {
  if (size === length && mtimeMs === modified && ino === inode) return;
  throw new Error("it changed since it was opened");
}

function readAll(descriptor, bytes, place, length, offset) {
  for (let done = 0; done < length;) {
    const count = readSync(
      descriptor,
      bytes,
      place + done,
      length - done,
      offset + done,
    );
    if (count === 0) throw new Error(`it ends at ${offset + done}`);
    done += count;
  }
}
