// What kernels over profiles share: how the lanes of a team (a workgroup, or a
// subgroup) walk the byte pairs of one profile together. A pair is a delta and
// a value; eight of them are one load. The file of the kernel gives begin(),
// visit(), finish() and NEEDS_GENES; walk_workgroup.wgsl or
// walk_subgroups.wgsl gives scan(), total() and main(). HAS_MAP comes first.

struct Job {
  // The profiles of this chunk.
  profiles_count: u32,
  // The genes of the matrix.
  genes_count: u32,
  // The genes of the result, after the map.
  columns_count: u32,
  // The number of the first profile among all of the work.
  first_number: u32,
  // How many tables of sums there are, against contention.
  tables_count: u32,
}

struct Profile {
  // The first pair, and the one after the last.
  start: u32,
  end: u32,
  // The row of the result.
  row: u32,
  unused: u32,
}

@group(0) @binding(0) var<uniform> job: Job;
@group(0) @binding(1) var<storage, read> pairs: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> profiles: array<Profile>;
@group(0) @binding(3) var<storage, read> gene_map: array<i32>;
// The lowest number of a profile that leads past the last gene.
@group(0) @binding(4) var<storage, read_write> lowest_bad: atomic<u32>;

const NONE = 0xffffffffu;
const DELTAS = 0x00010001u;
const VALUES = 0x01000100u;

// What each lane saw of the deltas, where genes are not needed on the way.
var<private> own_deltas: u32;

fn walk(index: u32, lane: u32, lanes: u32) {
  let profile = profiles[index];
  let end = (profile.end + 7u) / 8u;
  var gene = 0u;
  own_deltas = 0u;
  begin();
  for (var block = profile.start / 8u; block < end; block += lanes) {
    let at = block + lane;
    var words = vec4<u32>();
    if (at < end) {
      words = load(at, profile);
    }
    let deltas = sum_bytes(words, DELTAS);
    if (NEEDS_GENES) {
      let sums = scan(lane, deltas);
      visit(index, profile, lane, at, words, gene + sums.x);
      gene += sums.y;
    } else {
      visit(index, profile, lane, at, words, 0u);
      own_deltas += deltas;
    }
  }
  if (!NEEDS_GENES) {
    gene = total(lane, own_deltas);
  }
  // The last gene is the highest. Of 16,843,009 pairs no sum wraps.
  if (lane == 0u && profile.end > profile.start && gene >= job.genes_count) {
    atomicMin(&lowest_bad, job.first_number + index);
  }
  finish(index, profile, lane);
}

// Eight pairs; those of other profiles as zeros, which have no effect.
fn load(at: u32, profile: Profile) -> vec4<u32> {
  let words = pairs[at];
  let first = 8u * at;
  if (first >= profile.start && first + 8u <= profile.end) {
    return words;
  }
  return words & vec4<u32>(
    mask(first, profile),
    mask(first + 2u, profile),
    mask(first + 4u, profile),
    mask(first + 6u, profile),
  );
}

fn mask(pair: u32, profile: Profile) -> u32 {
  let next = pair + 1u;
  let low = select(0u, 0x0000ffffu, pair >= profile.start && pair < profile.end);
  let high = select(0u, 0xffff0000u, next >= profile.start && next < profile.end);
  return low | high;
}

fn sum_bytes(words: vec4<u32>, which: u32) -> u32 {
  return dot4U8Packed(words.x, which) + dot4U8Packed(words.y, which) +
    dot4U8Packed(words.z, which) + dot4U8Packed(words.w, which);
}

// Where a gene goes; one that is not there, and one that is dropped, nowhere.
fn column_of(gene: u32) -> u32 {
  if (gene >= job.genes_count) {
    return NONE;
  }
  var column = gene;
  if (HAS_MAP) {
    column = u32(gene_map[gene]);
  }
  return select(NONE, column, column < job.columns_count);
}

// The values from a pair on that still belong to the gene before it. The pair is
// the first of a load.
fn rest_of_run(profile: Profile, next: u32) -> u32 {
  var sum = 0u;
  var is_open = true;
  for (var first = next; is_open && first < profile.end; first += 8u) {
    let words = load(first / 8u, profile);
    for (var pair = 0u; pair < 8u; pair++) {
      let word = words[pair / 2u] >> (16u * (pair & 1u));
      is_open = is_open && (word & 0xffu) == 0u;
      sum += select(0u, (word >> 8u) & 0xffu, is_open);
    }
  }
  return sum;
}
