/**
 * Publishes the package, or with `--dry-run` says whether it could be:
 * `deno task publish-check`.
 *
 * What is published resolves `@std` from JSR, so a copy of the package is made
 * whose deno.json has no links. Where JSR cannot be reached, a dry run falls
 * back to the stand-ins, put outside the copy; a release never does.
 *
 * @module
 */

interface Config {
  links?: string[];
  publish: { include: string[] };
  [key: string]: unknown;
}

interface Outcome {
  success: boolean;
  text: string;
}

/** Keys that only make sense inside the repository. */
const HOUSE_KEYS = ["links", "lock", "tasks"];

const JSR_UNREACHABLE = /JSR package manifest for '[^']+' failed to load/;

async function publish(folder: string, args: string[]): Promise<boolean> {
  const config: Config = JSON.parse(await Deno.readTextFile("deno.json"));
  const links = config.links ?? [];
  for (const key of HOUSE_KEYS) delete config[key];
  await copyPackage(config, `${folder}/package`);

  let outcome = await runPublish(config, folder, args);
  if (JSR_UNREACHABLE.test(outcome.text) && args.includes("--dry-run")) {
    console.error("JSR cannot be reached: checking with the stand-ins");
    await copyFolder("offline", `${folder}/offline`);
    config.links = links.map((link) => `../${link}`);
    outcome = await runPublish(config, folder, args);
  }
  console.error(outcome.text.trimEnd());
  return outcome.success;
}

async function runPublish(
  config: Config,
  folder: string,
  args: string[],
): Promise<Outcome> {
  const cwd = `${folder}/package`;
  await Deno.writeTextFile(`${cwd}/deno.json`, JSON.stringify(config, null, 2));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", ...args],
    cwd,
  }).output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

async function copyPackage(config: Config, folder: string): Promise<void> {
  await Deno.mkdir(folder);
  for (const path of config.publish.include) {
    if (path.endsWith("/")) await copyFolder(path, `${folder}/${path}`);
    else await Deno.copyFile(path, `${folder}/${path}`);
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const paths = [`${from}/${name}`, `${to}/${name}`] as const;
    await (isDirectory ? copyFolder(...paths) : Deno.copyFile(...paths));
  }
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "metacell-publish-" });
  try {
    if (!await publish(folder, Deno.args)) Deno.exitCode = 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
