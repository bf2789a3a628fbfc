/**
 * A thread of the CPU engine. It runs from its text, which no permission is
 * needed for, behind that of the runners.
 *
 * It gets { module }, then jobs. For a job it takes pieces until there are no
 * more, posts { advance } after each, and { isFinished } at the end, with what
 * went wrong: { piece, profile } for pairs that are not valid, { piece,
 * message } for all else. The caller looks for the cause.
 *
 * The words of `control`: the next piece, the piece behind which all stop, then
 * for each thread whether it began.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { parentPort } from "node:worker_threads";

const NEXT = 0;
const STOP = 1;
const BEGAN = 2;

/** The most files that are kept open. */
const MOST_OPEN = 32;

/** How long a thread waits before it looks whether it is to stop, in ms. */
const WAIT = 20;

let spansRunner;
let pairsRunner;

parentPort.on("message", (data) => {
  if (data.module) {
    spansRunner = new Runner(data.module);
    pairsRunner = new PairsRunner(data.module);
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
  #runner;
  #piece = -1;
  /** The descriptors by their file. */
  #open = new Map();
  /** The files that were read since they were checked. */
  #used = new Set();

  constructor(job, files, control) {
    this.#job = job;
    this.#files = files;
    this.#control = control;
    this.#runner = job.kernel === "groupPairs" ? pairsRunner : spansRunner;
  }

  async work() {
    const runner = this.#runner;
    try {
      runner.begin(this.#job);
      const failure = await this.#takePieces();
      runner.end();
      return failure;
    } catch (error) {
      runner.abandon();
      return this.#fail({ message: error.message });
    } finally {
      this.#closeAll();
    }
  }

  async #takePieces() {
    const control = this.#control;
    const { pieces, parts, output } = this.#job;
    const runner = this.#runner;
    const isStopped = () => Atomics.load(control, STOP) < this.#piece;
    const read = (bytes, place, length, offset, file) =>
      readAll(this.#descriptor(file), bytes, place, length, offset);
    while ((this.#piece = Atomics.add(control, NEXT, 1)) < pieces.length) {
      if (output) waitForRoom(output, this.#piece, isStopped);
      if (isStopped()) return;
      const { part, first, end, profilesCount } = pieces[this.#piece];
      const bad = await runner.run(parts[part], first, end, read, isStopped);
      this.#checkFiles();
      if (bad >= 0) return this.#fail({ profile: bad });
      if (isStopped()) return;
      if (output) runner.put(this.#piece);
      parentPort.postMessage({ advance: profilesCount });
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

  /** Most jobs take one file after the other, and some all again and again. */
  #descriptor(file) {
    this.#used.add(file);
    const kept = this.#open.get(file);
    if (kept !== undefined) return kept;
    if (this.#open.size === MOST_OPEN) this.#closeAll();
    const { path, state } = this.#files[file];
    const descriptor = openSync(path, "r");
    this.#open.set(file, descriptor);
    check(fstatSync(descriptor), state);
    return descriptor;
  }

  #checkFiles() {
    for (const file of this.#used) {
      const { path, state } = this.#files[file];
      check(statSync(path), state);
    }
    this.#used.clear();
  }

  #closeAll() {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }
}

/** Waits until the rows of a piece have a place to go to, or all stop. */
function waitForRoom({ ready, slots }, piece, isStopped) {
  for (;;) {
    const used = Atomics.load(ready, slots);
    if (piece < used + slots || isStopped()) return;
    Atomics.wait(ready, slots, used, WAIT);
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
