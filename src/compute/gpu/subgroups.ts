/**
 * Finds out whether shaders can use subgroups, and how they have to say so:
 * one compiler demands a line that another rejects.
 */

/** What comes before a shader that uses subgroups, in the order of trial. */
const HEADERS = [
  "enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n",
  "",
] as const;

const PROBE = `
@compute @workgroup_size(64)
fn main(@builtin(subgroup_invocation_id) lane: u32) {
  _ = subgroupExclusiveAdd(lane);
}
`;

/**
 * Finds out how a device takes subgroups.
 *
 * @param device The device.
 * @returns What comes before shaders that use them, or nothing where the
 * device has none.
 */
export async function findSubgroups(
  device: GPUDevice,
): Promise<string | undefined> {
  if (!device.features.has("subgroups" as GPUFeatureName)) return undefined;
  for (const header of HEADERS) {
    if (await compiles(device, header + PROBE)) return header;
  }
  return undefined;
}

async function compiles(device: GPUDevice, code: string): Promise<boolean> {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ code });
  const compute = { module, entryPoint: "main" };
  device.createComputePipeline({ layout: "auto", compute });
  return await device.popErrorScope() === null;
}
