/*
 * churn: memory that comes and goes, more of it than the machine has, for a given time.
 *
 * A region is cut into runs of pages. Each step takes a run by chance: an empty one is filled; a full one is, by turns of
 * chance, compared with what it must hold, or freed, a part of its pages or all. So swap slots die here and there, in the
 * midst of living ones, as they do on a machine in use. No page is all one value, so that each swapped page takes a slot.
 *
 * On standard output a line each second: "churn: T s, N pages held, F pages freed so far, W wrong".
 * SIGUSR1 makes it rest until the next SIGUSR1, with its memory as it is, and print "churn: resting".
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, WORDS = PAGE / 8, RUN = 64 };

static const char usage[] = "Usage: churn CORPUS MIB SECONDS [SEED]\n"
                            "Exit status: 0 every byte right, 1 a wrong byte, 2 wrong use or no memory.\n";

static const unsigned char *corpus;
static uint64_t corpus_pages, pages, state;
static unsigned char *memory;
static uint32_t *versions; /* 0: the page is not there */
static volatile sig_atomic_t signalled;

static void on_signal(int number)
{
    (void) number;
    signalled++;
}

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static uint64_t chance(uint64_t below)
{
    return mix(state++) % below;
}

/* A page of the corpus, with number and version in it so that no two are the same. */
static void expect(uint64_t *word, uint64_t number, uint32_t version)
{
    memcpy(word, corpus + PAGE * (mix(number << 24 ^ version) % corpus_pages), PAGE);
    word[0] = number;
    word[1] = version;
    word[WORDS - 1] = mix(number + version);
}

static void fill(uint64_t first, uint32_t version)
{
    for (uint64_t number = first; number < first + RUN; number++) {
        if (versions[number] == 0) {
            versions[number] = version;
            expect((uint64_t *) (memory + number * PAGE), number, version);
        }
    }
}

static uint64_t verify(uint64_t first)
{
    uint64_t must[WORDS], wrong = 0;
    for (uint64_t number = first; number < first + RUN; number++) {
        if (versions[number] == 0)
            continue;
        expect(must, number, versions[number]);
        if (memcmp(memory + number * PAGE, must, PAGE) != 0) {
            printf("churn: wrong: page %llu version %u\n", (unsigned long long) number, versions[number]);
            wrong++;
        }
    }
    return wrong;
}

/* Frees about one page in `share` of the run. */
static uint64_t release(uint64_t first, uint64_t share)
{
    uint64_t freed = 0;
    for (uint64_t number = first; number < first + RUN; number++) {
        if (versions[number] != 0 && chance(share) == 0) {
            versions[number] = 0;
            madvise(memory + number * PAGE, PAGE, MADV_DONTNEED);
            freed++;
        }
    }
    return freed;
}

static void *map(uint64_t bytes)
{
    void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) {
        fprintf(stderr, "churn: %llu bytes: %s\n", (unsigned long long) bytes, strerror(errno));
        exit(2);
    }
    return start;
}

static void set_up(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0 || status.st_size < PAGE) {
        fprintf(stderr, "churn: %s holds no page\n", path);
        exit(2);
    }
    corpus_pages = status.st_size / PAGE;
    corpus = mmap(NULL, corpus_pages * PAGE, PROT_READ, MAP_SHARED, file, 0);
    versions = map(pages * sizeof *versions);
    memory = map(pages * PAGE);
    if (corpus == MAP_FAILED || mlock(versions, pages * sizeof *versions) != 0) {
        fprintf(stderr, "churn: %s\n", strerror(errno));
        exit(2);
    }
    madvise(memory, pages * PAGE, MADV_NOHUGEPAGE);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &action, NULL);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void rest_if_asked(const sigset_t *all)
{
    sigset_t pending;
    sigpending(&pending);
    if (!sigismember(&pending, SIGUSR1))
        return;
    sigsuspend(all);
    puts("churn: resting");
    fflush(stdout);
    while (signalled == 1)
        sigsuspend(all);
    signalled = 0;
}

int main(int count, char **arguments)
{
    if (count < 4 || count > 5) {
        fputs(usage, stderr);
        return 2;
    }
    pages = strtoull(arguments[2], NULL, 10) * (1 << 20) / PAGE;
    double seconds = strtod(arguments[3], NULL);
    state = count == 5 ? strtoull(arguments[4], NULL, 10) << 32 : 1;
    if (pages < RUN || seconds <= 0) {
        fputs(usage, stderr);
        return 2;
    }
    set_up(arguments[1]);
    uint64_t wrong = 0, freed = 0;
    uint32_t version = 1;
    sigset_t usr1, none;
    sigemptyset(&none);
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr1, NULL);
    for (uint64_t first = 0; first + RUN <= pages; first += RUN) {
        fill(first, version);
        freed += release(first, 2);
    }
    double start = now(), told = 0;
    while (now() - start < seconds) {
        uint64_t first = chance(pages / RUN) * RUN;
        switch (chance(4)) {
        case 0: freed += release(first, 2); break;
        case 1: freed += release(first, 4); break;
        case 2: fill(first, ++version); break;
        default: wrong += verify(first);
        }
        rest_if_asked(&none);
        if (now() - told >= 1) {
            uint64_t held = 0;
            for (uint64_t i = 0; i < pages; i++)
                held += versions[i] != 0;
            told = now();
            printf("churn: %.0f s, %llu pages held, %llu pages freed so far, %llu wrong\n", told - start,
                   (unsigned long long) held, (unsigned long long) freed, (unsigned long long) wrong);
            fflush(stdout);
        }
    }
    for (uint64_t first = 0; first + RUN <= pages; first += RUN) {
        wrong += verify(first);
        rest_if_asked(&none);
    }
    printf("churn: ended, %llu wrong\n", (unsigned long long) wrong);
    return wrong != 0;
}
