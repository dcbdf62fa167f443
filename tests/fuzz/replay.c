/* tests/fuzz/replay.c: runs the fuzz target once over each file that it is given, and over each
 * file of each folder; prints how many. SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int n_run;

static void run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    size_t n = 0, capacity = 1 << 16;
    uint8_t *data = malloc(capacity);
    while (data != NULL) {
        size_t read = fread(data + n, 1, capacity - n, file);
        if (read == 0)
            break;
        n += read;
        if (n == capacity)
            data = realloc(data, capacity *= 2);
    }
    fclose(file);
    if (data == NULL) {
        fputs("memory is out\n", stderr);
        exit(1);
    }
    fprintf(stderr, "%s\n", path); /* so that the last line names what broke */
    LLVMFuzzerTestOneInput(data, n);
    free(data);
    n_run++;
}

static void run(const char *path) {
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)) {
        run_file(path);
        return;
    }
    DIR *folder = opendir(path);
    if (folder == NULL) {
        perror(path);
        exit(1);
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        run_file(name);
    }
    closedir(folder);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        run(argv[i]);
    printf("%d texts\n", n_run);
    return n_run > 0 ? 0 : 1;
}
