/* The yardstick of the import: a plain fscanf loop over a MatrixMarket text.
 * It prints the entries, their sum, and the seconds from the first byte to the
 * last, start-up aside. */
#include <stdio.h>
#include <time.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  double start = seconds();
  FILE *file = fopen(argv[1], "r");
  if (!file) return 1;
  char line[65536];
  do {
    if (!fgets(line, sizeof line, file)) return 1;
  } while (line[0] == '%');
  unsigned row, column, count;
  unsigned long entries = 0, total = 0;
  while (fscanf(file, "%u %u %u", &row, &column, &count) == 3) {
    entries++;
    total += count;
  }
  fclose(file);
  printf("%lu %lu %.6f\n", entries, total, seconds() - start);
  return 0;
}
