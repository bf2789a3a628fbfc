/* The yardstick of the kernels: the same jobs in plain C over the byte pairs
 * of a matrix file that is in memory already.
 *
 *   kernels FOLDER
 *
 * FOLDER is one with a synthetic matrix. A line "JOB THREADS" on the standard
 * input runs a job once; a line of JSON says what it took and what came out,
 * as a sum and as one weighted by the place in the result. All results are
 * whole before the clock stops; memory is at hand before it starts.
 *
 * Streams are taken to be canonical and right: nothing is checked. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_THREADS 64
/* So many pairs of at most 255 fit 32 bits. */
#define MOST_PAIRS 16843009u

static uint8_t *file;
static uint32_t *offsets;
static uint32_t profiles, genes;

/* What the jobs read and write, for all threads. */
static int threads;
static uint32_t limits[MOST_THREADS + 1];
static const int32_t *row_of, *rows;
static uint32_t rows_count;
static uint32_t *order, *group_starts;
static double *totals;
static uint32_t *tables[MOST_THREADS];
static uint64_t *folded[MOST_THREADS];
static float *dense;
static uint64_t *starts;
static uint32_t *indices, *counts;

typedef void (*Part)(int thread);

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static void *allocate(size_t bytes) {
  void *memory = aligned_alloc(64, (bytes + 127) & ~(size_t)63);
  if (!memory) exit(1);
  memset(memory, 0, bytes);
  return memory;
}

static void *read_file(const char *folder, const char *name, size_t *size) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *input = fopen(path, "rb");
  if (!input) exit(1);
  fseek(input, 0, SEEK_END);
  *size = ftell(input);
  rewind(input);
  void *memory = allocate(*size);
  if (fread(memory, 1, *size, input) != *size) exit(1);
  fclose(input);
  return memory;
}

static uint32_t pairs_of(uint32_t profile) {
  return (offsets[profile + 1] - offsets[profile]) / 2;
}

/* As many bytes of the profiles (all, or those of `rows`) for each thread. */
static void split_profiles(void) {
  uint64_t all = offsets[profiles] - offsets[0];
  uint32_t profile = 0;
  for (int thread = 0; thread < threads; thread++) {
    limits[thread] = profile;
    uint64_t end = offsets[0] + all * (thread + 1) / threads;
    while (profile < profiles && offsets[profile + 1] <= end) profile++;
  }
  limits[threads] = profiles;
}

static void split_evenly(uint32_t count) {
  for (int thread = 0; thread <= threads; thread++)
    limits[thread] = (uint64_t)count * thread / threads;
}

static Part running;
static void *run_thread(void *thread) {
  running((int)(intptr_t)thread);
  return NULL;
}

static void run(Part part) {
  pthread_t others[MOST_THREADS];
  running = part;
  for (int thread = 1; thread < threads; thread++)
    pthread_create(&others[thread], NULL, run_thread, (void *)(intptr_t)thread);
  part(0);
  for (int thread = 1; thread < threads; thread++)
    pthread_join(others[thread], NULL);
}

/* Totals and entries of profiles: a pair is a 16-bit number, which compilers
 * make vectors of. */

static void profile_totals(int thread) {
  for (uint32_t p = limits[thread]; p < limits[thread + 1]; p++) {
    const uint16_t *pair = (const uint16_t *)(file + offsets[p]);
    uint32_t count = pairs_of(p), sum = 0;
    for (uint32_t at = 0; at < count; at++) sum += pair[at] >> 8;
    totals[p] = sum;
  }
}

static void profile_entries(int thread) {
  for (uint32_t p = limits[thread]; p < limits[thread + 1]; p++) {
    const uint16_t *pair = (const uint16_t *)(file + offsets[p]);
    uint32_t count = pairs_of(p), entries = 0;
    /* A value without a gap goes on with the gene before it. */
    for (uint32_t at = 0; at < count; at++)
      entries += (pair[at] >> 8 != 0) & ((pair[at] & 255) != 0);
    entries += count > 0 && (pair[0] & 255) == 0 && pair[0] >> 8 != 0;
    totals[p] = entries;
  }
}

static inline void add_profile(uint32_t profile, uint32_t *sums) {
  const uint8_t *pair = file + offsets[profile];
  const uint8_t *end = file + offsets[profile + 1];
  for (uint32_t gene = 0; pair < end; pair += 2) {
    gene += pair[0];
    sums[gene] += pair[1];
  }
}

static void fold(uint32_t *sums, uint64_t *into) {
  for (uint32_t gene = 0; gene < genes; gene++) into[gene] += sums[gene];
  memset(sums, 0, genes * sizeof *sums);
}

static void gene_totals_part(int thread) {
  uint32_t *sums = tables[thread];
  uint64_t *into = folded[thread];
  memset(sums, 0, genes * sizeof *sums);
  memset(into, 0, genes * sizeof *into);
  uint64_t pairs = 0;
  for (uint32_t p = limits[thread]; p < limits[thread + 1]; p++) {
    pairs += pairs_of(p);
    if (pairs > MOST_PAIRS) {
      fold(sums, into);
      pairs = pairs_of(p);
    }
    add_profile(p, sums);
  }
  fold(sums, into);
}

static void gene_totals(void) {
  run(gene_totals_part);
  for (uint32_t gene = 0; gene < genes; gene++) {
    uint64_t sum = 0;
    for (int thread = 0; thread < threads; thread++)
      sum += folded[thread][gene];
    totals[gene] = sum;
  }
}

/* Few groups: in the order of the file, a table of all groups a thread. The
 * sums of these matrices fit 32 bits. */

static uint32_t groups;

static void few_groups_part(int thread) {
  uint32_t *sums = tables[thread];
  memset(sums, 0, (size_t)groups * genes * sizeof *sums);
  for (uint32_t p = limits[thread]; p < limits[thread + 1]; p++)
    if (row_of[p] >= 0) add_profile(p, sums + (size_t)row_of[p] * genes);
}

static void few_groups(void) {
  run(few_groups_part);
  size_t size = (size_t)groups * genes;
  for (size_t at = 0; at < size; at++) {
    uint64_t sum = 0;
    for (int thread = 0; thread < threads; thread++) sum += tables[thread][at];
    totals[at] = sum;
  }
}

/* Many groups: one after the other, so that the table stays in the cache. */

static void many_groups_part(int thread) {
  uint32_t *sums = tables[thread];
  for (uint32_t group = limits[thread]; group < limits[thread + 1]; group++) {
    memset(sums, 0, genes * sizeof *sums);
    for (uint32_t at = group_starts[group]; at < group_starts[group + 1]; at++)
      add_profile(order[at], sums);
    double *into = totals + (size_t)group * genes;
    for (uint32_t gene = 0; gene < genes; gene++) into[gene] = sums[gene];
  }
}

static void many_groups(void) {
  memset(group_starts, 0, (groups + 2) * sizeof *group_starts);
  uint32_t *next = group_starts + 1;
  for (uint32_t p = 0; p < profiles; p++)
    if (row_of[p] >= 0) next[row_of[p] + 1]++;
  for (uint32_t group = 0; group < groups; group++) next[group + 1] += next[group];
  for (uint32_t p = 0; p < profiles; p++)
    if (row_of[p] >= 0) order[next[row_of[p]]++] = p;
  split_evenly(groups);
  run(many_groups_part);
}

/* Rows of random profiles. */

static void decode_dense(int thread) {
  for (uint32_t at = limits[thread]; at < limits[thread + 1]; at++) {
    float *row = dense + (size_t)at * genes;
    memset(row, 0, genes * sizeof *row);
    const uint8_t *pair = file + offsets[rows[at]];
    const uint8_t *end = file + offsets[rows[at] + 1];
    for (uint32_t gene = 0; pair < end; pair += 2) {
      gene += pair[0];
      row[gene] += pair[1];
    }
  }
}

static void count_sparse(int thread) {
  for (uint32_t at = limits[thread]; at < limits[thread + 1]; at++) {
    const uint16_t *pair = (const uint16_t *)(file + offsets[rows[at]]);
    uint32_t count = pairs_of(rows[at]), entries = 0;
    for (uint32_t i = 0; i < count; i++)
      entries += (pair[i] >> 8 != 0) & ((pair[i] & 255) != 0);
    entries += count > 0 && (pair[0] & 255) == 0 && pair[0] >> 8 != 0;
    starts[at + 1] = entries;
  }
}

static void fill_sparse(int thread) {
  for (uint32_t at = limits[thread]; at < limits[thread + 1]; at++) {
    const uint8_t *pair = file + offsets[rows[at]];
    const uint8_t *end = file + offsets[rows[at] + 1];
    uint64_t entry = starts[at];
    uint32_t gene = 0, last = UINT32_MAX;
    for (; pair < end; pair += 2) {
      gene += pair[0];
      if (pair[1] == 0) continue;
      if (gene == last) {
        counts[entry - 1] += pair[1];
        continue;
      }
      indices[entry] = last = gene;
      counts[entry++] = pair[1];
    }
  }
}

static void decode_sparse(void) {
  run(count_sparse);
  starts[0] = 0;
  for (uint32_t at = 0; at < rows_count; at++) starts[at + 1] += starts[at];
  run(fill_sparse);
}

static void report(double seconds, uint64_t sum, uint64_t weighted) {
  printf("{\"seconds\": %.9f, \"sum\": %llu, \"weighted\": %llu}\n", seconds,
         (unsigned long long)sum, (unsigned long long)weighted);
  fflush(stdout);
}

static void report_totals(double seconds, size_t length) {
  uint64_t sum = 0, weighted = 0;
  for (size_t at = 0; at < length; at++) {
    sum += (uint64_t)totals[at];
    weighted += (uint64_t)totals[at] * (at % 1021 + 1);
  }
  report(seconds, sum, weighted);
}

static void report_dense(double seconds) {
  uint64_t sum = 0, weighted = 0;
  size_t length = (size_t)rows_count * genes;
  for (size_t at = 0; at < length; at++) {
    sum += (uint64_t)dense[at];
    weighted += (uint64_t)dense[at] * (at % 1021 + 1);
  }
  report(seconds, sum, weighted);
}

static void report_sparse(double seconds) {
  uint64_t sum = 0, weighted = 0;
  for (uint64_t row = 0; row < rows_count; row++)
    for (uint64_t at = starts[row]; at < starts[row + 1]; at++) {
      sum += counts[at];
      weighted += (uint64_t)counts[at] * ((row * genes + indices[at]) % 1021 + 1);
    }
  report(seconds, sum, weighted);
}

/* Memory for the results, at hand before the clock starts. */
static void make_room(size_t results, size_t table) {
  static size_t results_there = 0, table_there[MOST_THREADS];
  if (results > results_there) {
    free(totals);
    totals = allocate(results * sizeof *totals);
    results_there = results;
  }
  for (int thread = 0; thread < threads; thread++) {
    if (!folded[thread]) folded[thread] = allocate(genes * sizeof **folded);
    if (table <= table_there[thread]) continue;
    free(tables[thread]);
    tables[thread] = allocate(table * sizeof **tables);
    table_there[thread] = table;
  }
}

static int run_groups(const char *folder) {
  char name[64];
  size_t size;
  snprintf(name, sizeof name, "groups%u.i32", groups);
  int32_t *values = read_file(folder, name, &size);
  row_of = values;
  int is_many = groups > 500;
  make_room((size_t)groups * genes, is_many ? genes : (size_t)groups * genes);
  order = allocate(profiles * sizeof *order);
  group_starts = allocate((groups + 2) * sizeof *group_starts);
  split_profiles();
  double start = now();
  if (is_many) many_groups();
  else few_groups();
  report_totals(now() - start, (size_t)groups * genes);
  free(values);
  free(order);
  free(group_starts);
  return 0;
}

static int run_job(const char *job, const char *folder) {
  make_room(profiles > genes ? profiles : genes, genes);
  split_profiles();
  double start = now();
  if (strcmp(job, "profileTotals") == 0) run(profile_totals);
  else if (strcmp(job, "profileEntries") == 0) run(profile_entries);
  else if (strcmp(job, "geneTotals") == 0) gene_totals();
  else if (sscanf(job, "groups%u", &groups) == 1) return run_groups(folder);
  else {
    split_evenly(rows_count);
    if (strcmp(job, "dense") == 0) {
      run(decode_dense);
      report_dense(now() - start);
    } else {
      decode_sparse();
      report_sparse(now() - start);
    }
    return 0;
  }
  report_totals(now() - start, job[0] == 'g' ? genes : profiles);
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  size_t size;
  file = read_file(argv[1], "cells/gp.umis.mmm", &size);
  memcpy(&profiles, file + 48, 4);
  memcpy(&genes, file + 52, 4);
  offsets = (uint32_t *)(file + size - 4 * ((size_t)profiles + 1));
  rows = read_file(argv[1], "rows.i32", &size);
  rows_count = size / 4;
  dense = allocate((size_t)rows_count * genes * sizeof *dense);
  starts = allocate((rows_count + 1) * sizeof *starts);
  indices = allocate((size_t)rows_count * genes * sizeof *indices);
  counts = allocate((size_t)rows_count * genes * sizeof *counts);
  char job[64];
  while (scanf("%63s %d", job, &threads) == 2) {
    if (threads < 1 || threads > MOST_THREADS) return 2;
    run_job(job, argv[1]);
  }
  return 0;
}
