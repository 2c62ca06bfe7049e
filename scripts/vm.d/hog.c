/*
 * hog: needs more memory than the machine has, and checks that it gets every byte of it back.
 *
 * Fills anonymous memory, then goes over it, by turns in order and in an order of chance, compares every byte with what
 * it must be, and writes a part of the pages anew. What a page must hold follows from its number and its version alone,
 * so nothing else has to be kept; the versions are locked in memory and never go through the swap under test.
 *
 *   of 32 pages   1 is zero all over, 1 repeats one word, 2 are noise that no compressor shrinks, 28 are from the
 *                 corpus (or, without one, half noise and half repetition) with number and version in front
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, WORDS = PAGE / 8, THREADS_MAX = 64, SHOWN_MAX = 5 };

static const char usage[] =
    "Usage: hog [--corpus FILE] [--passes N] [--threads N] [--rewrite PERCENT] [--seed N] [--hot MIB] [--hold] [--damage] [--step] MIB\n"
    "--hot has the passes go over the first MIB alone, and then once over the rest. --step waits for a line of standard input\n"
    "before each of them. --hold keeps the memory until standard input ends; --damage spoils a byte after filling: it must be\n"
    "found.\n"
    "Exit status: 0 every byte right, 1 a wrong byte or an unreadable page, 2 wrong use or no memory.\n";

static const unsigned char *corpus;
static uint64_t corpus_pages;
static uint64_t seed = 1;
static uint64_t pages;
static uint64_t hot_pages;
static unsigned threads = 1;
static unsigned rewrite_percent = 33;
static unsigned char *memory;
static uint32_t *versions;
static uint32_t *order;

struct slice {
    pthread_t thread;
    uint64_t begin, end;
    unsigned pass;
    uint64_t wrong;
};

static void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("hog: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

/* The finaliser of splitmix64: every bit of the result depends on every bit of the argument. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static void noise(uint64_t *word, int count, uint64_t state)
{
    for (int i = 0; i < count; i++)
        word[i] = mix(state + i);
}

/* What page `number` holds in its version `version`. */
static void expect(uint64_t *word, uint64_t number, uint32_t version)
{
    uint64_t id = mix(seed) + (number << 24) + version;
    switch (number % 32) {
    case 7:
        memset(word, 0, PAGE);
        return;
    case 15:
        for (int i = 0; i < WORDS; i++)
            word[i] = mix(id);
        return;
    case 21:
    case 29:
        noise(word, WORDS, mix(id));
        break;
    default:
        if (corpus) {
            memcpy(word, corpus + PAGE * (mix(id) % corpus_pages), PAGE);
        } else {
            noise(word, WORDS / 2, mix(id));
            memset(word + WORDS / 2, (int) (id & 0xff), PAGE / 2);
        }
    }
    word[0] = number;
    word[1] = version;
}

static unsigned char *page(uint64_t number)
{
    return memory + number * PAGE;
}

static void show_wrong(uint64_t number, uint32_t version, const unsigned char *is, const unsigned char *must)
{
    int at = 0, differing = 0;
    for (int i = PAGE - 1; i >= 0; i--)
        if (is[i] != must[i])
            at = i, differing++;
    printf("hog: wrong: page %llu version %u: %d bytes differ, the first at %d: is 0x%02x, must be 0x%02x\n",
           (unsigned long long) number, version, differing, at, is[at], must[at]);
}

static void *fill(void *argument)
{
    struct slice *slice = argument;
    for (uint64_t number = slice->begin; number < slice->end; number++)
        expect((uint64_t *) page(number), number, 0);
    return NULL;
}

static void *verify(void *argument)
{
    struct slice *slice = argument;
    uint64_t must[WORDS];
    for (uint64_t i = slice->begin; i < slice->end; i++) {
        uint64_t number = slice->pass % 2 ? i : order[i];
        expect(must, number, versions[number]);
        if (memcmp(page(number), must, PAGE) != 0 && slice->wrong++ < SHOWN_MAX)
            show_wrong(number, versions[number], page(number), (const unsigned char *) must);
        if (mix(mix(number) + slice->pass) % 100 < rewrite_percent)
            expect((uint64_t *) page(number), number, ++versions[number]);
    }
    return NULL;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

/* Runs one pass on all threads, a slice each, and returns how many pages were wrong. */
static uint64_t run(const char *name, void *(*work)(void *), unsigned pass, uint64_t begin, uint64_t end)
{
    uint64_t count = end - begin;
    struct slice slices[THREADS_MAX];
    double start = now();
    for (unsigned i = 0; i < threads; i++) {
        slices[i] = (struct slice){.begin = begin + count * i / threads, .end = begin + count * (i + 1) / threads, .pass = pass};
        if (pthread_create(&slices[i].thread, NULL, work, &slices[i]) != 0)
            fail("cannot start a thread");
    }
    uint64_t wrong = 0;
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(slices[i].thread, NULL);
        wrong += slices[i].wrong;
    }
    double seconds = now() - start;
    printf("hog: %-19s %8llu pages in %7.2f s, %8.0f pages/s, %llu wrong\n", name, (unsigned long long) count, seconds,
           count / seconds, (unsigned long long) wrong);
    fflush(stdout);
    return wrong;
}

/* The kernel sends SIGBUS to who touches a page that could not be read back from swap. */
static void unreadable(int signal, siginfo_t *info, void *context)
{
    (void) signal, (void) context;
    char text[96];
    unsigned long long number = ((unsigned char *) info->si_addr - memory) / PAGE;
    int length = snprintf(text, sizeof text, "hog: wrong: page %llu cannot be read back (SIGBUS)\n", number);
    if (write(STDOUT_FILENO, text, length) < 0)
        _exit(1);
    _exit(1);
}

static void map_corpus(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0)
        fail("%s: %s", path, strerror(errno));
    corpus_pages = status.st_size / PAGE;
    if (corpus_pages == 0)
        fail("%s holds no whole page", path);
    corpus = mmap(NULL, corpus_pages * PAGE, PROT_READ, MAP_SHARED, file, 0);
    if (corpus == MAP_FAILED)
        fail("%s: %s", path, strerror(errno));
    close(file);
}

static void *map_anonymous(uint64_t bytes, const char *what)
{
    void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED)
        fail("%s, %llu bytes: %s", what, (unsigned long long) bytes, strerror(errno));
    return start;
}

/* A permutation, within each thread's slice of a range, in which the passes out of order go. */
static void shuffle(uint64_t first, uint64_t last)
{
    for (uint64_t i = first; i < last; i++)
        order[i] = i;
    for (unsigned thread = 0; thread < threads; thread++) {
        uint64_t begin = first + (last - first) * thread / threads, end = first + (last - first) * (thread + 1) / threads;
        for (uint64_t i = end; i > begin + 1; i--) {
            uint64_t other = begin + mix(seed + i) % (i - begin);
            uint32_t kept = order[i - 1];
            order[i - 1] = order[other];
            order[other] = kept;
        }
    }
}

static void set_up(void)
{
    versions = map_anonymous(pages * 4, "table of versions");
    order = map_anonymous(pages * 4, "table of order");
    if (mlock(versions, pages * 4) != 0 || mlock(order, pages * 4) != 0)
        fail("cannot lock the tables: %s; raise ulimit -l", strerror(errno));
    shuffle(0, hot_pages);
    shuffle(hot_pages, pages);
    memory = map_anonymous(pages * PAGE, "memory to fill");
    madvise(memory, pages * PAGE, MADV_NOHUGEPAGE);
    struct sigaction action = {.sa_sigaction = unreadable, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &action, NULL);
}

static uint64_t number(const char *text, const char *what, uint64_t least, uint64_t most)
{
    char *end;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || value < least || value > most)
        fail("%s must be a number from %llu to %llu, not '%s'", what, (unsigned long long) least,
             (unsigned long long) most, text);
    return value;
}

/* Whoever starts a pass may have the memory swapped out meanwhile. */
static void wait_for_line(void)
{
    char byte = 0;
    puts("hog: waiting");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0 && byte != '\n')
        ;
}

static void wait_for_end_of_input(void)
{
    char byte;
    puts("hog: holding");
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
}

int main(int count, char **arguments)
{
    static const struct option options[] = {
        {"corpus", required_argument, NULL, 'c'},  {"passes", required_argument, NULL, 'p'},
        {"threads", required_argument, NULL, 't'}, {"rewrite", required_argument, NULL, 'r'},
        {"seed", required_argument, NULL, 's'},    {"hold", no_argument, NULL, 'o'},
        {"damage", no_argument, NULL, 'd'},        {"step", no_argument, NULL, 'w'},
        {"hot", required_argument, NULL, 'H'},     {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    unsigned passes = 2;
    uint64_t hot_mib = 0;
    bool hold = false, damage = false, step = false;
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c': map_corpus(optarg); break;
        case 'p': passes = number(optarg, "--passes", 1, 1000); break;
        case 't': threads = number(optarg, "--threads", 1, THREADS_MAX); break;
        case 'r': rewrite_percent = number(optarg, "--rewrite", 0, 100); break;
        case 's': seed = number(optarg, "--seed", 0, UINT64_MAX); break;
        case 'o': hold = true; break;
        case 'd': damage = true; break;
        case 'w': step = true; break;
        case 'H': hot_mib = number(optarg, "--hot", 1, 1 << 20); break;
        case 'h': fputs(usage, stdout); return 0;
        default: fputs(usage, stderr); return 2;
        }
    }
    if (optind != count - 1) {
        fputs(usage, stderr);
        return 2;
    }
    uint64_t mib = number(arguments[optind], "MIB", 1, 1 << 20);
    if (hot_mib > mib)
        fail("--hot must be at most %llu", (unsigned long long) mib);
    pages = mib * (1 << 20) / PAGE;
    hot_pages = hot_mib > 0 ? hot_mib * (1 << 20) / PAGE : pages;
    set_up();
    uint64_t wrong = run("fill", fill, 0, 0, pages);
    if (damage)
        page(pages / 2)[mix(seed) % PAGE] ^= 0x10;
    for (unsigned pass = 1; pass <= passes; pass++) {
        char name[32];
        if (step)
            wait_for_line();
        snprintf(name, sizeof name, "pass %u %s", pass, pass % 2 ? "in order" : "at random");
        wrong += run(name, verify, pass, 0, hot_pages);
    }
    if (hot_pages < pages) {
        if (step)
            wait_for_line();
        wrong += run("the rest", verify, passes + 1, hot_pages, pages);
    }
    if (hold)
        wait_for_end_of_input();
    return wrong != 0;
}
