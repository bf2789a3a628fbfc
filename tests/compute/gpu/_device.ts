/** A device that is watched, and that runs out of memory when it is told to. */

/** What was seen of a device. */
export interface WatchedDevice {
  /** The device, to be given to an engine. */
  readonly device: GPUDevice;
  /** The buffers that were made and not destroyed. */
  readonly live: ReadonlySet<GPUBuffer>;
  /** How many buffers were made. */
  readonly made: () => number;
}

/**
 * Watches the buffers of a device.
 *
 * @param device The device.
 * @param hasMemory Says of each new buffer, by its size, whether there is
 * memory for it.
 * @returns The device, and what was seen of it.
 */
export function watchDevice(
  device: GPUDevice,
  hasMemory: (size: number) => boolean = () => true,
): WatchedDevice {
  const live = new Set<GPUBuffer>();
  const scopes: { filter: GPUErrorFilter; error?: GPUError }[] = [];
  let made = 0;
  const watched: Partial<GPUDevice> = {
    createBuffer(descriptor) {
      const buffer = device.createBuffer(descriptor);
      made++;
      live.add(buffer);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        live.delete(buffer);
        destroy();
      };
      if (!hasMemory(descriptor.size)) {
        const scope = scopes.findLast(({ filter }) =>
          filter === "out-of-memory"
        );
        if (scope) scope.error = new GPUOutOfMemoryError("no memory is left");
      }
      return buffer;
    },
    pushErrorScope(filter) {
      scopes.push({ filter });
      device.pushErrorScope(filter);
    },
    popErrorScope() {
      const scope = scopes.pop();
      return device.popErrorScope().then((error) => scope?.error ?? error);
    },
  };
  const proxy = new Proxy(device, {
    get(target, key) {
      const own = Reflect.get(watched, key);
      if (own) return own;
      const value = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { device: proxy, live, made: () => made };
}

/**
 * Takes a device of the adapter that there is.
 *
 * @param requiredFeatures What it is to have.
 * @returns The device, which the caller destroys.
 */
export async function takeDevice(
  requiredFeatures: GPUFeatureName[] = [],
): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  return await adapter!.requestDevice({ requiredFeatures });
}

/**
 * Makes a device look like hardware, which is walked in other teams.
 *
 * @param device The device.
 * @returns The device by another name.
 */
export function asHardware(device: GPUDevice): GPUDevice {
  return new Proxy(device, {
    get(target, key) {
      if (key === "adapterInfo") return { description: "hardware" };
      const value = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A device that can be lost without its help. */
export interface LosableDevice {
  /** The device, whose buffers are never mapped. */
  readonly device: GPUDevice;
  /** Loses it. */
  readonly lose: (message: string) => void;
}

/**
 * Makes a device that hangs until it is lost.
 *
 * @param device The device.
 * @returns The device, and how it is lost.
 */
export function hangingDevice(device: GPUDevice): LosableDevice {
  const { promise, resolve } = Promise.withResolvers<GPUDeviceLostInfo>();
  const proxy = new Proxy(device, {
    get(target, key) {
      if (key === "lost") return promise;
      if (key === "createBuffer") return createBuffer;
      const value = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  function createBuffer(descriptor: GPUBufferDescriptor): GPUBuffer {
    const buffer = device.createBuffer(descriptor);
    buffer.mapAsync = () => new Promise(() => {});
    return buffer;
  }
  const lose = (message: string) => {
    resolve({ reason: "unknown", message } as unknown as GPUDeviceLostInfo);
  };
  return { device: proxy, lose };
}
