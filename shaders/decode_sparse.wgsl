// decodeSparse: the entries of profiles, by ascending gene of the matrix.
// profile_entries.wgsl counted them, and scan_counts.wgsl says where those of
// each profile go.

@group(0) @binding(5) var<storage, read> offsets: array<u32>;
@group(0) @binding(6) var<storage, read_write> genes: array<u32>;
@group(0) @binding(7) var<storage, read_write> counts: array<u32>;

const NEEDS_GENES = true;

// How many entries of the profile were written, the same in all lanes.
var<private> written: u32;
// Where the next entry of this lane goes, or how many it has.
var<private> place: u32;

fn begin() {
  written = 0u;
}

fn visit(
  index: u32,
  profile: Profile,
  lane: u32,
  at: u32,
  words: vec4<u32>,
  before: u32,
) {
  place = 0u;
  over_entries(profile, at, words, before, false);
  let places = scan(lane, place);
  place = offsets[index] + written + places.x;
  over_entries(profile, at, words, before, true);
  written += places.y;
}

fn over_entries(
  profile: Profile,
  at: u32,
  words: vec4<u32>,
  before: u32,
  writes: bool,
) {
  var gene = before;
  var sum = 0u;
  var is_open = false;
  for (var pair = 0u; pair < 8u; pair++) {
    let word = words[pair / 2u] >> (16u * (pair & 1u));
    let delta = word & 0xffu;
    if (delta != 0u || 8u * at + pair == profile.start) {
      put(gene, sum, writes);
      gene += delta;
      sum = 0u;
      is_open = true;
    }
    if (is_open) {
      sum += (word >> 8u) & 0xffu;
    }
  }
  if (is_open) {
    sum += rest_of_run(profile, 8u * at + 8u);
  }
  put(gene, sum, writes);
}

fn put(gene: u32, sum: u32, writes: bool) {
  if (sum == 0u) {
    return;
  }
  var column = gene;
  if (HAS_MAP) {
    column = column_of(gene);
  }
  if (column == NONE) {
    return;
  }
  if (writes && place < arrayLength(&genes)) {
    genes[place] = column;
    counts[place] = sum;
  }
  place++;
}

fn finish(index: u32, profile: Profile, lane: u32) {}
