/**
 * A store of single-cell UMI counts: two bytes a count that is not zero,
 * containers on disk, and exact totals.
 *
 * @example From a folder of 10x to totals
 * ```ts ignore
 * import { importBatch, Profiles } from "@metacell/storage";
 *
 * await importBatch("filtered_feature_bc_matrix", "pbmc");
 * using batch = await Profiles.load("pbmc");
 * const totals = await batch.totalUmis("p");
 * ```
 *
 * @module
 */
import "./src/profiles/frame_arrow.ts";

export * from "./src/arrays/compare.ts";
export * from "./src/arrays/data_array.ts";
export {
  type DataArrayEntry,
  type DataArrayForm,
  listDataArrays,
  readDataArray,
  removeDataArray,
  writeDataArray,
} from "./src/arrays/data_array_files.ts";
export {
  type DType,
  type DTypeArrays,
  type NumericDType,
  type TypedArray,
} from "./src/arrays/dtypes.ts";
export {
  type AnyNpyArray,
  decodeNpy,
  encodeNpy,
  type NpyArray,
  type NpyContent,
  type NpyHeader,
  parseNpyHeader,
  readNpy,
  readNpyHeader,
  writeNpy,
} from "./src/arrays/npy.ts";
export * from "./src/arrays/to_data_array.ts";
export type { ValuesOf, ValueType } from "./src/arrays/typed_values.ts";
export type { GeneEntries } from "./src/compute/gene_entries.ts";
export {
  type LeafSpan,
  type ProfileSelection,
  selectProfiles,
} from "./src/compute/leaf_spans.ts";
export * from "./src/compute/loop.ts";
export {
  closeEngines,
  type ComputeOptions,
  type Device,
} from "./src/compute/choose_engine.ts";
export * from "./src/compute/cost_model.ts";
export {
  type CpuEngineOptions,
  createCpuEngine,
} from "./src/compute/cpu/cpu_engine.ts";
export * from "./src/compute/engine.ts";
export type { AdapterOptions, GpuSource } from "./src/compute/gpu/adapter.ts";
export * from "./src/compute/gpu/describe_gpu.ts";
export type { SubgroupsChoice } from "./src/compute/gpu/gpu_device.ts";
export * from "./src/compute/gpu/gpu_engine.ts";
export * from "./src/compute/gpu/gpu_unavailable_error.ts";
export * from "./src/compute/gpu/measure_gpu.ts";
export type {
  PairRows,
  RowPairs,
  UseRowPairs,
} from "./src/compute/row_pairs.ts";
export { exportProfiles } from "./src/exports/export_profiles.ts";
export type {
  ExportOptions,
  ExportSummary,
} from "./src/exports/export_profiles.ts";
export type { ExporterOptions } from "./src/exports/exporter.ts";
export type { ExportSourceOptions } from "./src/exports/export_source.ts";
export type { GeneLookup } from "./src/genes/gene_lookup.ts";
export * from "./src/genes/genes.ts";
export * from "./src/genes/genes_metadata.ts";
export { GenesSet } from "./src/genes/genes_set.ts";
export { GenesSubset, type LazyIndices } from "./src/genes/genes_subset.ts";
export * from "./src/imports/create_genes.ts";
export type { DuplicateGenes } from "./src/imports/gene_names.ts";
export * from "./src/imports/standard/csv_format.ts";
export * from "./src/imports/standard/delane.ts";
export * from "./src/imports/standard/delane_data.ts";
export * from "./src/imports/standard/dir_format.ts";
export * from "./src/imports/standard/lane_data.ts";
export * from "./src/imports/standard/profile_data.ts";
export type { Separator } from "./src/io/delimited.ts";
export * from "./src/imports/import_batch.ts";
export * from "./src/imports/import_collection.ts";
export * from "./src/imports/import_summary.ts";
export * from "./src/imports/importer.ts";
export type { JoinKind } from "./src/imports/join_genes.ts";
export * from "./src/imports/registry.ts";
export * from "./src/io/byte_sink.ts";
export type { ByteSource } from "./src/io/byte_source.ts";
export { combineUuids, fileUuid } from "./src/io/digest.ts";
export { FileSource, type FileState } from "./src/io/file_source.ts";
export * from "./src/io/mapped_source.ts";
export * from "./src/io/memory_sink.ts";
export * from "./src/io/memory_source.ts";
export * from "./src/io/version.ts";
export type {
  MappedCollectionOptions,
  ObsFilter,
  VarJoin,
} from "./src/mapped/collection_options.ts";
export type { LabelWeightsOptions } from "./src/mapped/label_weights.ts";
export type { Encoder, KnownLabel } from "./src/mapped/labels.ts";
export * from "./src/mapped/loader/loader.ts";
export type { LoaderOptions } from "./src/mapped/loader/loader_options.ts";
export type { LoaderState } from "./src/mapped/loader/loader_state.ts";
export * from "./src/mapped/mapped_collection.ts";
export { Random, type RandomState } from "./src/mapped/samplers/random.ts";
export {
  RowsSampler,
  type Sampler,
  type SamplerKind,
  type SamplerOptions,
} from "./src/mapped/samplers/sampler.ts";
export * from "./src/mapped/samplers/block_shuffle.ts";
export * from "./src/mapped/samplers/same_group.ts";
export * from "./src/mapped/samplers/stratified.ts";
export * from "./src/mapped/samplers/weighted.ts";
export * from "./src/mapped/samplers/plain.ts";
export * from "./src/mapped/samplers/splits.ts";
export * from "./src/mapped/to_gpu.ts";
export type * from "./src/mapped/rows.ts";
export type { WatchedFile } from "./src/mapped/stores/watch.ts";
export {
  MAGIC_BYTES,
  MAGIC_SIZE,
  MATRIX_BYTE_LIMIT,
  MAX_COUNT,
} from "./src/matrix/layout.ts";
export * from "./src/matrix/matrix_writer.ts";
export * from "./src/matrix/memory_mapped_matrix.ts";
export type { OffsetsIndex } from "./src/matrix/offsets_index.ts";
export {
  decodePairs,
  type EncodedProfile,
  type ProfileEntries,
} from "./src/matrix/pairs.ts";
export * from "./src/matrix/raw_matrix.ts";
export type { PairsWindow } from "./src/matrix/windows.ts";
export {
  type YamlDictionary,
  type YamlKeys,
  type YamlKeyType,
  YamlMetadata,
  type YamlMetadataClass,
  type YamlValue,
} from "./src/metadata/yaml_metadata.ts";
export {
  type ArrayKind,
  type DataKind,
  type MatrixKind,
  nameOfSourceData,
} from "./src/profiles/array_names.ts";
export type { BuildContainerOptions } from "./src/profiles/build_container.ts";
export { CombinedMetadata } from "./src/profiles/combined_metadata.ts";
export * from "./src/profiles/create_collection.ts";
export * from "./src/profiles/create_view.ts";
export type { NamesByKind } from "./src/profiles/dependent_data.ts";
export * from "./src/profiles/frame.ts";
export * from "./src/profiles/kinds.ts";
export * from "./src/profiles/load.ts";
export type { MatrixShape } from "./src/profiles/matrix_files.ts";
export * from "./src/profiles/profiles.ts";
export {
  type BatchCreatedOptions,
  MATRIX_FILE,
  ProfilesBatch,
  type SourceGenesOfBatch,
} from "./src/profiles/profiles_batch.ts";
export * from "./src/profiles/profiles_batch_metadata.ts";
export * from "./src/profiles/profiles_collection.ts";
export * from "./src/profiles/profiles_collection_metadata.ts";
export * from "./src/profiles/profiles_data.ts";
export {
  BatchOfGroups,
  type GroupsCreatedOptions,
  ProfilesGroups,
} from "./src/profiles/profiles_groups.ts";
export * from "./src/profiles/profiles_groups_metadata.ts";
export {
  ProfilesMetadata,
  type ProfilesMetadataClass,
} from "./src/profiles/profiles_metadata.ts";
export * from "./src/profiles/profiles_store.ts";
export * from "./src/profiles/profiles_view.ts";
export * from "./src/profiles/profiles_view_metadata.ts";
export type { SpanSource } from "./src/profiles/selection.ts";
export {
  type Grouping,
  sumGroups,
  type SumGroupsOptions,
} from "./src/profiles/sum_groups.ts";
export {
  type Problem,
  type Verification,
  verifyContainer,
  type VerifyOptions,
} from "./src/profiles/verify.ts";
export * from "./src/profiles/where/select.ts";
export {
  computeShard,
  type ComputeShardOptions,
  type ShardSummary,
} from "./src/scale/compute_shard.ts";
export type { SpanPiece } from "./src/scale/cut_spans.ts";
export {
  type MergeOptions,
  mergeParts,
  mergeTotals,
} from "./src/scale/merge_parts.ts";
export {
  type Plan,
  plan,
  type PlanJob,
  type PlanOptions,
  type Shard,
  SHARD_BYTES,
} from "./src/scale/plan.ts";
export * from "./src/scale/plan_file.ts";
export type { ShardResources } from "./src/scale/resources.ts";
