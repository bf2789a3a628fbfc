// profileTotals: the sum of the counts of each profile. Of a chunk it fits 32
// bits. Only where a map drops genes does it matter which gene a value is of.

@group(0) @binding(5) var<storage, read_write> totals: array<u32>;

const NEEDS_GENES = HAS_MAP;

var<private> own_total: u32;

fn begin() {
  own_total = 0u;
}

fn visit(
  index: u32,
  profile: Profile,
  lane: u32,
  at: u32,
  words: vec4<u32>,
  before: u32,
) {
  if (!HAS_MAP) {
    own_total += sum_bytes(words, VALUES);
    return;
  }
  var gene = before;
  for (var pair = 0u; pair < 8u; pair++) {
    let word = words[pair / 2u] >> (16u * (pair & 1u));
    let value = (word >> 8u) & 0xffu;
    gene += word & 0xffu;
    if (value != 0u && column_of(gene) != NONE) {
      own_total += value;
    }
  }
}

fn finish(index: u32, profile: Profile, lane: u32) {
  let sum = total(lane, own_total);
  if (lane == 0u) {
    totals[index] = sum;
  }
}
