import { absolutePath, baseName } from "../../io/paths.ts";
import {
  createCollection,
  type MemberToBe,
} from "../../profiles/create_collection.ts";
import { Profiles } from "../../profiles/profiles.ts";
import { ProfilesCollection } from "../../profiles/profiles_collection.ts";
import type { Command } from "../command.ts";
import { type CommandContext, note } from "../context.ts";
import { describeSize, noteNotMeasured } from "../genes_note.ts";
import { FORCE_OPTION, GENES_SET_OPTION } from "../global_options.ts";
import { DEST_ARGUMENT, openGenes } from "../open_profiles.ts";
import { formatMany, listNames } from "../text.ts";

/** `metacell collect`. */
export const COLLECT_COMMAND: Command = {
  name: "collect",
  summary: "Make a collection: several containers as one",
  description: "The containers stay where they are; the members of the " +
    "collection are links to them. They need the same genes set. The names " +
    "of the members stand before those of their profiles, as in " +
    "donor1:AAACATACAACCAC-1.",
  usage: "DEST [NAME=]DIR... [--force]",
  arguments: [DEST_ARGUMENT, {
    name: "DIR",
    many: true,
    completes: "folder",
    description: "A container, and the name that it is to have in the " +
      "collection, by default that of its folder",
  }],
  options: [GENES_SET_OPTION, FORCE_OPTION],
  examples: [
    { line: "collect study donor1 donor2", what: "Two batches" },
    {
      line: "collect study a=run1/cells b=run2/cells",
      what: "With names of their own",
    },
  ],
  async run(context, parsed) {
    const path = parsed.argument("DEST");
    const members = parsed.manyArguments("DIR").map(parseMember);
    checkNames(members);
    const genes = await openGenes(parsed);
    await createCollection(path, members, {
      force: parsed.flag("force"),
      ...(genes && { genes }),
    });
    using collection = await Profiles.load(path, genes);
    const count = formatMany(members.length, "member");
    note(context, `${path}: ${count}, ${describeSize(collection)}`);
    await notePartial(context, collection);
    await noteNotMeasured(context, collection);
  },
};

/** What stands before a `=` is a name, unless it is a part of a path. */
function parseMember(word: string): MemberToBe {
  const at = word.indexOf("=");
  const name = word.slice(0, Math.max(at, 0));
  if (at < 0 || name.startsWith(".") || name.includes("/")) {
    return { name: baseName(absolutePath(word)), path: word };
  }
  return { name, path: word.slice(at + 1) };
}

function checkNames(members: readonly MemberToBe[]): void {
  const paths = new Map<string, string>();
  for (const { name, path } of members) {
    const other = paths.get(name);
    if (other !== undefined) {
      throw new Error(
        `Cannot collect ${other} and ${path}: both would be named ${name}, ` +
          "name one of them by NAME=DIR",
      );
    }
    paths.set(name, path);
  }
}

/** What only some members have is lost in the collection. */
async function notePartial(
  context: CommandContext,
  collection: Profiles,
): Promise<void> {
  if (!(collection instanceof ProfilesCollection)) return;
  const partial = await collection.partlyAvailableData("p");
  if (partial.length === 0) return;
  const names = partial.map(({ name }) => `p.${name}`);
  note(context, `note: only some members have ${listNames(names)}`);
}
