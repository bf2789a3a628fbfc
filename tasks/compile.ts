/**
 * Makes the standalone binaries: `deno task compile [PLATFORM…]`.
 *
 * A binary holds the whole program and the permissions that it is built with.
 *
 * @module
 */

/** The platforms that a binary is made for, and what Deno calls them. */
export const TARGETS: Readonly<Record<string, string>> = {
  "linux-x64": "x86_64-unknown-linux-gnu",
  "linux-arm64": "aarch64-unknown-linux-gnu",
  "macos-x64": "x86_64-apple-darwin",
  "macos-arm64": "aarch64-apple-darwin",
  "windows-x64": "x86_64-pc-windows-msvc",
};

/** What a binary may do: the same as `deno task cli`. */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env=HOME,LANG,LC_ALL,LC_CTYPE,LOCALAPPDATA,METACELL_DEBUG,NODEVICE_SELECT,NO_COLOR,TERM,XDG_CACHE_HOME",
];

/**
 * Puts together the arguments of one build.
 *
 * @param output The binary to make.
 * @param target What Deno calls its platform; by default the one it runs on.
 * @returns The arguments for `deno`.
 */
export function compileArguments(output: string, target?: string): string[] {
  return [
    "compile",
    ...PERMISSIONS,
    "--exclude-unused-npm",
    `--output=${output}`,
    ...target === undefined ? [] : [`--target=${target}`],
    "cli.ts",
  ];
}

async function compile(platform: string): Promise<boolean> {
  const target = TARGETS[platform];
  if (target === undefined) {
    const known = Object.keys(TARGETS).join(", ");
    console.error(`Cannot compile for ${platform}: known are ${known}`);
    return false;
  }
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: compileArguments(`dist/metacell-${platform}`, target),
  }).spawn().status;
  return success;
}

if (import.meta.main) {
  console.error(`Permissions: ${PERMISSIONS.join(" ")}`);
  const platforms = Deno.args.length > 0 ? Deno.args : Object.keys(TARGETS);
  for (const platform of platforms) {
    if (!await compile(platform)) Deno.exit(1);
  }
}
