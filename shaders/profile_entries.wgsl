// profileEntries: how many genes of each profile have a count. The pairs of one
// gene are a run; the lane that has the first pair of a run sees to all of it.

@group(0) @binding(5) var<storage, read_write> entries: array<u32>;

const NEEDS_GENES = HAS_MAP;

var<private> own_entries: u32;

fn begin() {
  own_entries = 0u;
}

fn visit(
  index: u32,
  profile: Profile,
  lane: u32,
  at: u32,
  words: vec4<u32>,
  before: u32,
) {
  var gene = before;
  var sum = 0u;
  var is_open = false;
  for (var pair = 0u; pair < 8u; pair++) {
    let word = words[pair / 2u] >> (16u * (pair & 1u));
    let delta = word & 0xffu;
    if (delta != 0u || 8u * at + pair == profile.start) {
      count(gene, sum);
      gene += delta;
      sum = 0u;
      is_open = true;
    }
    if (is_open) {
      sum += (word >> 8u) & 0xffu;
    }
  }
  if (is_open && sum == 0u) {
    sum = rest_of_run(profile, 8u * at + 8u);
  }
  count(gene, sum);
}

fn count(gene: u32, sum: u32) {
  if (sum == 0u) {
    return;
  }
  if (HAS_MAP) {
    if (column_of(gene) == NONE) {
      return;
    }
  }
  own_entries++;
}

fn finish(index: u32, profile: Profile, lane: u32) {
  let sum = total(lane, own_entries);
  if (lane == 0u) {
    entries[index] = sum;
  }
}
