// For each profile of a chunk how many entries there are before its own: a
// single workgroup, each lane of which sees to a strip.

struct Scan {
  counts_count: u32,
}

@group(0) @binding(0) var<uniform> counted: Scan;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read_write> offsets: array<u32>;

const LANES = 256u;

var<workgroup> sums: array<u32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  let strip = (counted.counts_count + LANES - 1u) / LANES;
  let start = min(lane * strip, counted.counts_count);
  let end = min(start + strip, counted.counts_count);
  var sum = 0u;
  for (var at = start; at < end; at++) {
    sum += counts[at];
  }
  sums[lane] = sum;
  workgroupBarrier();
  var offset = 0u;
  for (var other = 0u; other < lane; other++) {
    offset += sums[other];
  }
  for (var at = start; at < end; at++) {
    offsets[at] = offset;
    offset += counts[at];
  }
}
