// groupSums: the sums of the counts of each gene over groups of profiles, a row
// a group. fold_sums.wgsl folds them before 32 bits could overflow.

@group(0) @binding(5) var<storage, read_write> sums: array<atomic<u32>>;

const NEEDS_GENES = true;

fn begin() {}

fn visit(
  index: u32,
  profile: Profile,
  lane: u32,
  at: u32,
  words: vec4<u32>,
  before: u32,
) {
  let first = profile.row * job.columns_count;
  var gene = before;
  for (var pair = 0u; pair < 8u; pair++) {
    let word = words[pair / 2u] >> (16u * (pair & 1u));
    let value = (word >> 8u) & 0xffu;
    gene += word & 0xffu;
    if (value != 0u) {
      let column = column_of(gene);
      if (column != NONE) {
        atomicAdd(&sums[first + column], value);
      }
    }
  }
}

fn finish(index: u32, profile: Profile, lane: u32) {}
