// decodeDense: the counts of profiles as dense rows of zeros and counts. The
// lane that has the first pair of a gene adds up all of its pairs, and rounds
// and writes once. Rows are zeros at the start.

@group(0) @binding(5) var<storage, read_write> rows: array<u32>;

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
  var gene = before;
  var sum = 0u;
  var is_open = false;
  for (var pair = 0u; pair < 8u; pair++) {
    let word = words[pair / 2u] >> (16u * (pair & 1u));
    let delta = word & 0xffu;
    if (delta != 0u || 8u * at + pair == profile.start) {
      put(profile, gene, sum);
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
  put(profile, gene, sum);
}

fn put(profile: Profile, gene: u32, sum: u32) {
  if (sum == 0u) {
    return;
  }
  let column = column_of(gene);
  if (column != NONE) {
    rows[profile.row * job.columns_count + column] = value_bits(sum);
  }
}

fn value_bits(sum: u32) -> u32 {
  if (!AS_FLOAT) {
    return sum;
  }
  return float_bits(sum);
}

// The float that is nearest to a count, to even where two are: what f32() does
// with a count over 2^24 is not the same on every device.
fn float_bits(count: u32) -> u32 {
  if (count < 0x1000000u) {
    return bitcast<u32>(f32(count));
  }
  let shift = 8u - countLeadingZeros(count);
  let rest = count & ((1u << shift) - 1u);
  let half = 1u << (shift - 1u);
  var digits = count >> shift;
  if (rest > half || (rest == half && (digits & 1u) == 1u)) {
    digits++;
  }
  // A carry out of the digits makes the exponent one more, as it should.
  return ((shift + 150u) << 23u) + (digits - 0x800000u);
}

fn finish(index: u32, profile: Profile, lane: u32) {}
