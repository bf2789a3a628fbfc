// The team that walks a profile is a subgroup. Nothing is assumed of which lane
// is in which subgroup: each takes profiles of its workgroup until none is left.
// GROUP_LANES and GROUP_PROFILES come first.

var<workgroup> taken: atomic<u32>;

// The sum of the values of the lanes before this one, and that of all.
fn scan(lane: u32, value: u32) -> vec2<u32> {
  return vec2<u32>(subgroupExclusiveAdd(value), subgroupAdd(value));
}

// The sum of the values of all lanes.
fn total(lane: u32, value: u32) -> u32 {
  return subgroupAdd(value);
}

@compute @workgroup_size(GROUP_LANES)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(subgroup_size) lanes: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let first = (group.x + group.y * groups.x) * GROUP_PROFILES;
  loop {
    var next = 0u;
    if (lane == 0u) {
      next = atomicAdd(&taken, 1u);
    }
    next = subgroupBroadcastFirst(next);
    if (next >= GROUP_PROFILES || first + next >= job.profiles_count) {
      break;
    }
    walk(first + next, lane, lanes);
  }
}
