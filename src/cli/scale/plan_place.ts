import { pathKind } from "../../io/files.ts";
import { readPlan } from "../../scale/plan_file.ts";

/**
 * Checks that a plan may be written to a path. An old plan is replaced: plans
 * are made again when what they are of has changed.
 *
 * @param path The path of the file.
 * @param force Whether anything that is there is replaced.
 * @throws {Error} If something is there that is no plan.
 */
export function checkNewOrPlan(path: string, force: boolean): void {
  const kind = pathKind(path);
  if (kind === "missing") return;
  if (kind === "folder") {
    throw new Error(`Cannot write ${path}: it is a folder`);
  }
  if (force) return;
  try {
    readPlan(path);
  } catch {
    throw new Error(
      `Cannot write ${path}: it exists already, and is no plan ` +
        "(--force replaces it)",
    );
  }
}
