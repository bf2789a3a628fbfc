// Adds tables of 32-bit sums to one of 64 bits, and clears them.

struct Fold {
  // The sums of a table.
  sums_count: u32,
  tables_count: u32,
}

@group(0) @binding(0) var<uniform> fold: Fold;
@group(0) @binding(1) var<storage, read_write> sums: array<u32>;
@group(0) @binding(2) var<storage, read_write> low: array<u32>;
@group(0) @binding(3) var<storage, read_write> high: array<u32>;

const LANES = 256u;
const MOST = 0xffffffffu;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let at = (group.x + group.y * groups.x) * LANES + lane;
  if (at >= fold.sums_count) {
    return;
  }
  // All tables together have no more than 32 bits of any sum.
  var sum = 0u;
  for (var table = 0u; table < fold.tables_count; table++) {
    let place = table * fold.sums_count + at;
    sum += sums[place];
    sums[place] = 0u;
  }
  let before = low[at];
  low[at] = before + sum;
  if (sum > MOST - before) {
    high[at]++;
  }
}
