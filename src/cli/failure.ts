import { escapeControls } from "./output.ts";

/**
 * What went wrong, in one line: `Cannot <action> <what>: <why>`.
 *
 * @param error What was thrown.
 * @param action What was being done, for errors that do not say it.
 * @returns The line, without its end and without control characters.
 */
export function describeFailure(error: unknown, action: string): string {
  const message = describePermission(error) ??
    (error instanceof Error ? error.message : String(error));
  const line = escapeControls(message.replace(/\s*[\r\n]+\s*/g, " ").trim());
  return /^Cannot\b/.test(line) ? line : `Cannot ${action}: ${line}`;
}

/** Says which flag is missing, where a permission is. */
function describePermission(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof Deno.errors.NotCapable)) continue;
    const [, access, what, flag] =
      /Requires (\w+) access to (.+?), run again with the (--[\w-]+) flag/
        .exec(cause.message) ?? [];
    if (flag === undefined) continue;
    // Of the devices and files of the system Deno asks for "all access".
    const action = access === "all" ? "use" : access;
    return `Cannot ${action} ${what}: it needs ${flag}`;
  }
  return undefined;
}
