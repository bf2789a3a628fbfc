/** The sources of the kernels, and how they are put together. */
import decodeDense from "../../../shaders/decode_dense.wgsl" with {
  type: "text",
};
import decodeSparse from "../../../shaders/decode_sparse.wgsl" with {
  type: "text",
};
import foldSums from "../../../shaders/fold_sums.wgsl" with { type: "text" };
import geneTotals from "../../../shaders/gene_totals.wgsl" with {
  type: "text",
};
import groupSums from "../../../shaders/group_sums.wgsl" with { type: "text" };
import profileEntries from "../../../shaders/profile_entries.wgsl" with {
  type: "text",
};
import profileTotals from "../../../shaders/profile_totals.wgsl" with {
  type: "text",
};
import scanCounts from "../../../shaders/scan_counts.wgsl" with {
  type: "text",
};
import walk from "../../../shaders/walk.wgsl" with { type: "text" };
import walkSubgroups from "../../../shaders/walk_subgroups.wgsl" with {
  type: "text",
};
import walkWorkgroup from "../../../shaders/walk_workgroup.wgsl" with {
  type: "text",
};

/** What a binding of a kernel is: the letters of `KernelShape.bindings`. */
const BINDING_TYPES = {
  u: "uniform",
  r: "read-only-storage",
  w: "storage",
} as const;

/** What there is to know of a shader. */
interface KernelShape {
  /** The source. */
  readonly code: string;
  /** Whether it walks profiles, and so needs the sources that do that. */
  readonly walks: boolean;
  /** Its bindings: uniform, read, written. */
  readonly bindings: string;
}

const KERNELS = {
  profile_totals: { code: profileTotals, walks: true, bindings: "urrrww" },
  profile_entries: { code: profileEntries, walks: true, bindings: "urrrww" },
  gene_totals: { code: geneTotals, walks: true, bindings: "urrrww" },
  group_sums: { code: groupSums, walks: true, bindings: "urrrww" },
  decode_dense: { code: decodeDense, walks: true, bindings: "urrrww" },
  decode_sparse: { code: decodeSparse, walks: true, bindings: "urrrwrww" },
  fold_sums: { code: foldSums, walks: false, bindings: "uwww" },
  scan_counts: { code: scanCounts, walks: false, bindings: "urw" },
} as const satisfies Record<string, KernelShape>;

/** The name of a shader: its file in `shaders/`. */
export type KernelName = keyof typeof KERNELS;

/** A kernel in one of its variants. */
export interface KernelSource {
  /** The name of its shader. */
  readonly name: KernelName;
  /** Whether genes go through a map. */
  readonly hasMap?: boolean | undefined;
  /** Whether counts are decoded into floats. */
  readonly asFloat?: boolean | undefined;
}

/** What there is to know of a device. */
export interface DeviceTraits {
  /** Whether it is a program on the CPU. */
  readonly isSoftware: boolean;
  /** What comes before shaders that use subgroups; nothing does without. */
  readonly subgroupsHeader: string | undefined;
}

/** A workgroup of subgroups: its lanes, and the profiles that they share. */
interface Group {
  readonly lanes: number;
  readonly profiles: number;
}

const GROUP: Group = { lanes: 128, profiles: 16 };

/** A program runs one subgroup after the other: to share would gain nothing. */
const SOFTWARE_GROUP: Group = { lanes: 32, profiles: 1 };

/** The lanes of a workgroup of the kernels that walk no profiles. */
const LANES = 256;

/**
 * Puts a kernel together.
 *
 * @param kernel The kernel.
 * @param traits What there is to know of the device.
 * @returns The source.
 */
export function shaderSource(
  kernel: KernelSource,
  traits: DeviceTraits,
): string {
  const { code, walks } = KERNELS[kernel.name];
  if (!walks) return code;
  const { lanes, profiles } = groupOf(traits);
  const { subgroupsHeader } = traits;
  return (subgroupsHeader ?? "") +
    `const HAS_MAP = ${kernel.hasMap === true};\n` +
    `const AS_FLOAT = ${kernel.asFloat === true};\n` +
    `const GROUP_LANES = ${lanes}u;\n` +
    `const GROUP_PROFILES = ${profiles}u;\n` +
    walk + (subgroupsHeader === undefined ? walkWorkgroup : walkSubgroups) +
    code;
}

/**
 * What a kernel binds.
 *
 * @param name The kernel.
 * @returns The type of each binding.
 */
export function bindingTypes(name: KernelName): GPUBufferBindingType[] {
  return Array.from(
    KERNELS[name].bindings,
    (letter) => BINDING_TYPES[letter as keyof typeof BINDING_TYPES],
  );
}

/**
 * How many workgroups a kernel takes.
 *
 * @param name The kernel.
 * @param count How many profiles, or numbers, there are.
 * @param traits What there is to know of the device.
 * @returns The number of workgroups.
 */
export function workgroupsFor(
  name: KernelName,
  count: number,
  traits: DeviceTraits,
): number {
  if (name === "scan_counts") return 1;
  if (!KERNELS[name].walks) return Math.ceil(count / LANES);
  if (traits.subgroupsHeader === undefined) return count;
  return Math.ceil(count / groupOf(traits).profiles);
}

function groupOf({ isSoftware }: DeviceTraits): Group {
  return isSoftware ? SOFTWARE_GROUP : GROUP;
}
