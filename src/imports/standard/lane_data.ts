import { encodeName } from "../../arrays/names.ts";
import { joinPath } from "../../io/paths.ts";
import { whyNoMemberName } from "../../profiles/combined_metadata.ts";
import { LaneMatrix } from "./lane_matrix.ts";
import { ProfileData } from "./profile_data.ts";
import { UMIS_FILE } from "./standard_files.ts";

/**
 * What is known of a lane while a multi-lane folder is split: how many
 * profiles and entries it has. Entries are not kept but go to its file, which
 * `writeUmisMatrix` begins and `finish` ends. {@linkcode DelaneData} has an
 * example.
 */
export class LaneData {
  /** The unique name of the lane. */
  readonly name: string;
  #profilesCount = 0;
  #entriesCount = 0;
  #lastLineIndex = -1;
  #matrix: LaneMatrix | undefined;
  #genesCount = 0;

  /**
   * Makes a lane without profiles.
   *
   * @param name The name, which becomes that of a folder.
   * @throws {Error} If it is no name of a folder: empty, a path, or starting
   * with a point.
   */
  constructor(name: string) {
    const why = whyNoMemberName(name);
    if (why !== undefined) {
      throw new Error(`Cannot use ${JSON.stringify(name)} as a lane: ${why}`);
    }
    this.name = name;
  }

  /** The name of the folder of the lane, safe on every file system. */
  get folderName(): string {
    return encodeName(this.name);
  }

  /** The number of profiles in the lane. */
  get profilesCount(): number {
    return this.#profilesCount;
  }

  /** The number of entries of the lane, as lines of its matrix. */
  get entriesCount(): number {
    return this.#entriesCount;
  }

  /** The record of profiles that was last of the lane, from 0; -1 if none. */
  get lastProfileDataLineIndex(): number {
    return this.#lastLineIndex;
  }

  /**
   * Adds a profile to the lane.
   *
   * @param lineIndex Its record in the table of profiles, from 0.
   * @returns The profile.
   */
  addProfile(lineIndex: number): ProfileData {
    this.#profilesCount++;
    this.#lastLineIndex = lineIndex;
    return new ProfileData(this);
  }

  /**
   * Begins the matrix file of the lane, in the folder of the lane, which
   * exists. Needs `--allow-write` for it.
   *
   * @param delanedRoot The folder that the folders of the lanes are in.
   * @param umisHeaderLine The first line of the file.
   * @param genesCount The number of genes.
   */
  writeUmisMatrix(
    delanedRoot: string,
    umisHeaderLine: string,
    genesCount: number,
  ): void {
    const path = joinPath(delanedRoot, this.folderName, UMIS_FILE);
    this.#matrix = new LaneMatrix(path, umisHeaderLine);
    this.#genesCount = genesCount;
    this.#entriesCount = 0;
  }

  /**
   * Adds an entry to the matrix of the lane.
   *
   * @param geneIndex The gene, from 1.
   * @param profileIndex The profile in the lane, from 1.
   * @param umisCount The count.
   * @throws {Error} If the matrix was not begun, or is finished.
   */
  addEntry(geneIndex: number, profileIndex: number, umisCount: number): void {
    if (this.#matrix === undefined) throw this.#notBegun();
    this.#matrix.add(geneIndex, profileIndex, umisCount);
    this.#entriesCount++;
  }

  /**
   * Ends the matrix file.
   *
   * @throws {Error} If it was not begun, or is finished.
   */
  finish(): void {
    if (this.#matrix === undefined) throw this.#notBegun();
    const { profilesCount, entriesCount } = this;
    this.#matrix.finish(this.#genesCount, profilesCount, entriesCount);
    this.#matrix = undefined;
  }

  /** Closes the matrix file, where it was begun, and removes it. */
  abort(): void {
    this.#matrix?.abort();
    this.#matrix = undefined;
  }

  #notBegun(): Error {
    const name = JSON.stringify(this.name);
    return new Error(
      `Cannot write the matrix of the lane ${name}: it was not begun`,
    );
  }
}
