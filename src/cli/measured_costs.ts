/**
 * What `metacell devices` measured, kept for `--device auto` of later runs, in
 * the folder that the platform has for caches. The module itself never reads
 * it. Where the folder is not known, or may not be used, there is no cache, and
 * nothing fails.
 */
import { isAbsolute } from "node:path";
import { type CostModel, DEFAULT_COSTS } from "../compute/cost_model.ts";
import { KERNELS } from "../compute/engine.ts";
import { writeFileAtomically } from "../io/atomic.ts";
import { makeFolder, mayWrite, pathKind, readFileText } from "../io/files.ts";
import { joinPath, parentPath } from "../io/paths.ts";
import { VERSION } from "../io/version.ts";
import type { CommandContext } from "./context.ts";
import { formatMany } from "./text.ts";

/** What was measured of a machine. */
export interface MeasuredMachine {
  /** What the GPU is called, `null` where none was found. */
  readonly gpu: string | null;
  /** The figures. */
  readonly costs: CostModel;
}

/** What the file holds: several machines may share a home. */
interface MeasuredFile {
  readonly version: string;
  readonly machines: Readonly<Record<string, MeasuredMachine>>;
}

/**
 * The figures that were measured on this machine, by this version.
 *
 * @param context Whose environment says where the cache is.
 * @returns The figures, or undefined where there are none that are good.
 */
export function readMeasuredCosts(
  context: CommandContext,
): CostModel | undefined {
  const path = measuredPath(context);
  const machine = path && readFile(path)?.machines[machineKey()];
  return machine && isCostModel(machine.costs) ? machine.costs : undefined;
}

/**
 * Keeps figures that were measured, in the place of older ones.
 *
 * @param context Whose environment says where the cache is.
 * @param machine What was measured.
 * @returns The path of the file, or undefined where nothing could be kept.
 */
export function keepMeasuredCosts(
  context: CommandContext,
  machine: MeasuredMachine,
): string | undefined {
  const path = measuredPath(context);
  if (path === undefined || !mayWrite(path)) return undefined;
  const { machines: others } = readFile(path) ?? { machines: {} };
  const machines = { ...others, [machineKey()]: machine };
  const content: MeasuredFile = { version: VERSION, machines };
  try {
    makeFolder(parentPath(path));
    writeFileAtomically(path, `${JSON.stringify(content, undefined, 2)}\n`);
    return path;
  } catch {
    return undefined; // a full disk, or a folder of somebody else
  }
}

/**
 * What tells machines apart that share a home. A GPU is not asked for its
 * name, as it would have to be started for that.
 */
function machineKey(): string {
  const { arch, os } = Deno.build;
  return `${os} ${arch}, ${formatMany(navigator.hardwareConcurrency, "core")}`;
}

function measuredPath(context: CommandContext): string | undefined {
  const folder = cacheFolder(context);
  return folder && joinPath(folder, "metacell", "devices.json");
}

function cacheFolder(context: CommandContext): string | undefined {
  const { os } = Deno.build;
  const home = context.environment("HOME");
  const candidates = [
    context.environment("XDG_CACHE_HOME"),
    os === "windows" ? context.environment("LOCALAPPDATA") : undefined,
    home && joinPath(home, os === "darwin" ? "Library/Caches" : ".cache"),
  ];
  // A relative one would be another in each folder.
  return candidates.find((path) => path && isAbsolute(path));
}

/** The file, where it may be read and is of this version. */
function readFile(path: string): MeasuredFile | undefined {
  const { state } = Deno.permissions.querySync({ name: "read", path });
  if (state !== "granted") return undefined;
  try {
    if (pathKind(path) !== "file") return undefined;
    const content: unknown = JSON.parse(readFileText(path));
    return isMeasuredFile(content) ? content : undefined;
  } catch {
    return undefined; // it is measured again, and written anew
  }
}

function isMeasuredFile(content: unknown): content is MeasuredFile {
  if (!isRecord(content)) return false;
  return content.version === VERSION && isRecord(content.machines) &&
    Object.values(content.machines).every(isRecord);
}

function isCostModel(costs: unknown): costs is CostModel {
  if (!isRecord(costs)) return false;
  return Object.entries(DEFAULT_COSTS).every(([key, figure]) => {
    const value = costs[key];
    if (typeof figure === "number") return isFigure(value);
    return isRecord(value) &&
      KERNELS.every((kernel) => isFigure(value[kernel]));
  });
}

/** No further thread may add anything. */
function isFigure(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
