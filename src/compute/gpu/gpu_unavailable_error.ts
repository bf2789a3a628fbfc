/** Why the GPU can't do what was asked. */
export type GpuFailure =
  | "no-adapter"
  | "no-device"
  | "lost"
  | "out-of-memory"
  | "limits"
  | "failed";

/**
 * The GPU can't do the work, whatever the data: another engine can. Engines
 * throw it where a caller should go on with the CPU, and say so.
 */
export class GpuUnavailableError extends Error {
  /** The kind of failure. */
  readonly reason: GpuFailure;

  /**
   * Says what failed.
   *
   * @param reason The kind of failure.
   * @param message The message.
   * @param options What caused it.
   */
  constructor(reason: GpuFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "GpuUnavailableError";
    this.reason = reason;
  }
}
