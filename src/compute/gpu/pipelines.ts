/** Compiles shaders, with messages that say what is wrong and where. */
import { GpuUnavailableError } from "./gpu_unavailable_error.ts";
import { bindingTypes, type KernelName, type KernelSource } from "./shaders.ts";

/** A kernel that is ready to run. */
export interface CompiledKernel {
  /** The name of its shader. */
  readonly name: KernelName;
  /** The pipeline. */
  readonly pipeline: GPUComputePipeline;
  /** What it binds. */
  readonly layout: GPUBindGroupLayout;
}

/**
 * Compiles a kernel.
 *
 * @param device The device.
 * @param kernel The kernel.
 * @param code Its source.
 * @returns The pipeline, and what it binds.
 * @throws {GpuUnavailableError} If the device does not take the shader.
 */
export async function compileKernel(
  device: GPUDevice,
  kernel: KernelSource,
  code: string,
): Promise<CompiledKernel> {
  const { name } = kernel;
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label: name, code });
  const layout = device.createBindGroupLayout({
    label: name,
    entries: bindingTypes(name).map((type, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    })),
  });
  const pipeline = device.createComputePipeline({
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main" },
  });
  const error = await device.popErrorScope();
  if (error === null) return { name, pipeline, layout };
  const { messages } = await module.getCompilationInfo();
  throw new GpuUnavailableError(
    "failed",
    `Cannot compile the shader ${name}: ` +
      (diagnosticOf(messages, code) ?? oneLine(error.message)),
  );
}

/** The first error, with the line that it is in. */
function diagnosticOf(
  messages: Iterable<GPUCompilationMessage>,
  code: string,
): string | undefined {
  for (const { type, lineNum, linePos, message } of messages) {
    if (type !== "error") continue;
    const line = code.split("\n")[lineNum - 1]?.trim() ?? "";
    return `${oneLine(message)} at ${lineNum}:${linePos}: ${line}`;
  }
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, "; ");
}
