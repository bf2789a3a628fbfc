/**
 * The descriptors that sources keep open. A collection can be of thousands of
 * files and a process may only have so many open, so those that were not used
 * for longest are closed, and opened again when they are needed.
 */
import { closeSync } from "node:fs";

/** The most descriptors that are kept: a fraction of what systems allow. */
export const MOST_OPEN = 128;

/** Descriptors by who uses them, the one used last at the end. */
const kept = new Map<object, number>();

/**
 * The descriptor that is kept for someone, which counts as used now.
 *
 * @param owner Whose it is.
 * @returns The descriptor, or undefined where none is kept.
 */
export function keptDescriptor(owner: object): number | undefined {
  const descriptor = kept.get(owner);
  if (descriptor === undefined || kept.size === 1) return descriptor;
  kept.delete(owner);
  kept.set(owner, descriptor);
  return descriptor;
}

/**
 * Keeps a descriptor, and closes the one that was not used for longest where
 * there are too many.
 *
 * @param owner Whose it is, who has none kept.
 * @param descriptor The descriptor.
 */
export function keepDescriptor(owner: object, descriptor: number): void {
  kept.set(owner, descriptor);
  if (kept.size <= MOST_OPEN) return;
  const [oldest] = kept.keys();
  closeDescriptor(oldest!);
}

/**
 * Closes the descriptor that is kept for someone, if there is one.
 *
 * @param owner Whose it is.
 */
export function closeDescriptor(owner: object): void {
  const descriptor = kept.get(owner);
  if (descriptor === undefined) return;
  kept.delete(owner);
  closeSync(descriptor);
}

/**
 * How many descriptors are kept.
 *
 * @returns The number, for tests.
 */
export function countDescriptors(): number {
  return kept.size;
}
