/** Plans as files: JSON, whose keys are those of the other files on disk. */
import { writeFileAtomically } from "../io/atomic.ts";
import { readFileText } from "../io/files.ts";
import {
  absolutePath,
  joinPath,
  parentPath,
  relativePath,
} from "../io/paths.ts";
import { type Plan, planDigest, type PlanJob, type Shard } from "./plan.ts";

/** What a plan says that it is. */
const FORMAT = "metacell plan";

/** The form of a plan that this version reads and writes. */
const FORMAT_VERSION = 0;

/** Values of JSON, not looked at yet. */
type Json = Readonly<Record<string, unknown>>;

/**
 * Writes a plan, whole or not at all. The paths in it are relative to it.
 *
 * @param path The path of the file.
 * @param plan The plan.
 */
export function writePlan(path: string, plan: Plan): void {
  const folder = parentPath(absolutePath(path));
  const { job } = plan;
  const json = {
    format: FORMAT,
    format_version: FORMAT_VERSION,
    version: plan.version,
    digest: plan.digest,
    container: relativePath(folder, plan.container),
    container_uuid: plan.containerUuid,
    profiles_count: plan.profilesCount,
    genes_count: plan.genesCount,
    shard_bytes: plan.shardBytes,
    job: job.kind === "totals" ? job : {
      kind: job.kind,
      groups: relativePath(folder, plan.groupsPath!),
      groups_uuid: job.groupsUuid,
      names: job.names,
    },
    shards: plan.shards.map(formatShard),
  };
  writeFileAtomically(path, formatPlan(json));
}

/**
 * Reads a plan.
 *
 * @param path The path of the file.
 * @returns The plan.
 * @throws {SyntaxError} If it is no plan, or one that was changed.
 */
export function readPlan(path: string): Plan {
  const json = parsePlan(path, readFileText(path));
  const fields = new Fields(path, json);
  const folder = parentPath(absolutePath(path));
  const job = new Fields(path, fields.object("job"));
  const plan = {
    version: fields.text("version"),
    containerUuid: fields.text("container_uuid"),
    profilesCount: fields.count("profiles_count"),
    genesCount: fields.count("genes_count"),
    shardBytes: fields.count("shard_bytes"),
    job: readJob(job),
    container: joinPath(folder, fields.text("container")),
    digest: fields.text("digest"),
    shards: fields.list("shards").map((shard) => readShard(path, shard)),
    groupsPath: job.text("kind") === "sum"
      ? joinPath(folder, job.text("groups"))
      : undefined,
  };
  if (planDigest(plan, plan.shards) === plan.digest) return plan;
  throw new SyntaxError(
    `Cannot read the plan ${path}: it was changed, or is damaged`,
  );
}

/** A line a shard, so that plans can be read, and compared, by people. */
function formatPlan(json: Json & { readonly shards: readonly Json[] }): string {
  const { shards, ...head } = json;
  const lines = shards.map((shard) => `    ${JSON.stringify(shard)}`);
  const text = JSON.stringify(head, null, 2).replace(/\n}$/, "");
  const list = lines.length > 0 ? `\n${lines.join(",\n")}\n  ` : "";
  return `${text},\n  "shards": [${list}]\n}\n`;
}

function formatShard(shard: Shard, index: number): Json {
  const { resources } = shard;
  return {
    shard: index,
    key: shard.key,
    repeat: shard.repeat,
    batch: shard.batch,
    batch_uuid: shard.batchUuid,
    span: shard.span,
    first: shard.first,
    end: shard.end,
    first_profile: shard.firstProfile ?? null,
    is_whole: shard.isWhole,
    bytes: shard.bytes,
    content: shard.content,
    memory_mebibytes: resources.memoryMebibytes,
    minutes: resources.minutes,
    threads: resources.threads,
  };
}

function readShard(path: string, json: unknown): Shard {
  const fields = new Fields(path, json);
  return {
    key: fields.text("key"),
    repeat: fields.count("repeat"),
    batch: fields.text("batch"),
    batchUuid: fields.text("batch_uuid"),
    span: fields.count("span"),
    first: fields.count("first"),
    end: fields.count("end"),
    firstProfile: fields.value("first_profile") === null
      ? undefined
      : fields.count("first_profile"),
    isWhole: fields.value("is_whole") === true,
    bytes: fields.count("bytes"),
    content: fields.text("content"),
    resources: {
      memoryMebibytes: fields.count("memory_mebibytes"),
      minutes: fields.count("minutes"),
      threads: fields.count("threads"),
    },
  };
}

function readJob(fields: Fields): PlanJob {
  if (fields.text("kind") === "totals") {
    const per = fields.text("per") === "gene" ? "gene" : "profile";
    return { kind: "totals", per };
  }
  const names = fields.list("names").map(String);
  return { kind: "sum", names, groupsUuid: fields.text("groups_uuid") };
}

function parsePlan(path: string, text: string): Json {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const why = (error as Error).message;
    throw new SyntaxError(`Cannot read the plan ${path}: ${why}`);
  }
  const fields = new Fields(path, json);
  if (fields.value("format") !== FORMAT) {
    throw new SyntaxError(`Cannot read the plan ${path}: it is no plan`);
  }
  if (fields.value("format_version") === FORMAT_VERSION) return json as Json;
  throw new SyntaxError(
    `Cannot read the plan ${path}: its form is of another version of metacell`,
  );
}

/** Reads fields of an object of JSON, and says which is not as it must be. */
class Fields {
  readonly #path: string;
  readonly #json: Json;

  constructor(path: string, json: unknown) {
    this.#path = path;
    const isObject = typeof json === "object" && json !== null;
    this.#json = isObject ? json as Json : {};
  }

  value(key: string): unknown {
    return this.#json[key];
  }

  text(key: string): string {
    const value = this.value(key);
    return typeof value === "string" ? value : this.#fail(key, "text");
  }

  count(key: string): number {
    const value = this.value(key);
    const isCount = Number.isSafeInteger(value) && (value as number) >= 0;
    return isCount ? value as number : this.#fail(key, "count");
  }

  list(key: string): readonly unknown[] {
    const value = this.value(key);
    return Array.isArray(value) ? value : this.#fail(key, "list");
  }

  object(key: string): unknown {
    const value = this.value(key);
    return typeof value === "object" ? value : this.#fail(key, "object");
  }

  #fail(key: string, what: string): never {
    throw new SyntaxError(
      `Cannot read the plan ${this.#path}: ${key} is no ${what}`,
    );
  }
}
