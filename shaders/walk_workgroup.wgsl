// The team that walks a profile is a workgroup: for devices without subgroups.

const LANES = 64u;
const RUN = 8u;

var<workgroup> values: array<u32, LANES>;
var<workgroup> run_sums: array<u32, LANES / RUN>;

// The sum of the values of the lanes before this one, and that of all. All
// lanes of the workgroup call it.
fn scan(lane: u32, value: u32) -> vec2<u32> {
  values[lane] = value;
  workgroupBarrier();
  let run = lane / RUN;
  var before = 0u;
  for (var at = run * RUN; at < lane; at++) {
    before += values[at];
  }
  if (lane % RUN == RUN - 1u) {
    run_sums[run] = before + value;
  }
  workgroupBarrier();
  var all = 0u;
  for (var at = 0u; at < LANES / RUN; at++) {
    if (at == run) {
      before += all;
    }
    all += run_sums[at];
  }
  return vec2<u32>(before, all);
}

// The sum of the values of all lanes.
fn total(lane: u32, value: u32) -> u32 {
  return scan(lane, value).y;
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = group.x + group.y * groups.x;
  if (index < job.profiles_count) {
    walk(index, lane, LANES);
  }
}
