/*
 * pageload: drives an NBD server, or a block device, with real memory pages and checks every byte that it reads.
 *
 * Pages come from a corpus, in runs of 32 as swap clusters go out; which run a page has follows from its number and its
 * version, so requests are sent straight from the corpus and reading them back costs one comparison. Each connection has
 * a thread, a share of the pages, and `depth` requests under way; of a block device each request under way has a thread.
 *
 *   write   empties the export, then writes all of it in order, again and again for the time there is; emptying is not timed
 *   read    reads at random (what is not written yet is written before, not timed)
 *   rewrite writes at random what is there already
 *   mix     at random: half reads, 40 % writes, 10 % trims
 *   fill    writes everything once, as fast as it goes
 *   lz4     no target: compresses the same pages with liblz4 on one thread, and restores them
 */
#define _GNU_SOURCE
#define LZ4_STATIC_LINKING_ONLY
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libnbd.h>
#include <linux/fs.h>
#include <lz4.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, RUN = 32, FILL_DEPTH = 16, TRIM_PAGES = 4096, CONNECTIONS_MAX = 64, DEPTH_MAX = 1024 };

/* Latencies: 32 steps for each power of two, so a figure is right to 3 %. */
enum { STEPS = 32, STEPS_SHIFT = 5, BUCKETS = 64 * STEPS };

static const char usage[] =
    "Usage: pageload [OPTION...] --corpus FILE URI|/dev/DEVICE PHASE...\n"
    "       pageload [--pages N] [--seconds S] --corpus FILE lz4\n"
    "PHASE is write, read, rewrite, mix or fill; each prints a line of figures.\n"
    "  --pages N         pages of the export that are used (65536)\n"
    "  --request N       pages a request, 1 to 32, a power of two (1)\n"
    "  --depth N         requests under way on a connection (1)\n"
    "  --connections N   (1)\n"
    "  --seconds S       how long a phase goes on (1)\n"
    "  --most N          requests in a phase of read, rewrite or mix, which may end it sooner (any)\n"
    "  --server PID      tell the processor time of this process; of a block device it is the kernel's in our threads\n"
    "  --filled          what `fill` left is there already\n"
    "  --seed N          of the order of chance (1)\n"
    "  --damage          expect one wrong byte in the last phase: to see that it is found\n"
    "Exit status: 0 all was right, 1 a wrong page or a failed request, 2 wrong use or no connection.\n";

enum kind { READ, WRITE, TRIM };
enum work { IN_ORDER, READS, REWRITES, MIXED };

/* A unit is what one request covers. */
static const unsigned char *corpus;
static uint64_t corpus_runs, pages = 65536, units;
static unsigned request_pages = 1, depth = 1, connections = 1;
static double seconds = 1;
static uint64_t most_requests = UINT64_MAX;
static uint64_t seed = 1;
static bool is_block_device, damage;
static const char *target;
static clockid_t server_clock;
static bool has_server;

/* Of every page: 0 is trimmed. */
static uint16_t *versions;

struct request {
    struct connection *connection;
    unsigned char *buffer;
    uint64_t unit;
    enum kind kind;
    uint16_t version;
    bool under_way;
    double started;
};

struct connection {
    pthread_t thread;
    struct nbd_handle *nbd;
    int fd;
    uint64_t begin, end, next, random;
    unsigned char *busy;
    struct request *requests;
    unsigned under_way;
    enum work work;
    double deadline;
    uint64_t done, wrong, failed, worst_nanos;
    uint64_t histogram[BUCKETS];
};

static struct connection all[CONNECTIONS_MAX];

static void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("pageload: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

static void *reserve(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL)
        fail("no memory");
    return memory;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

/* Processor seconds that serving has taken so far. */
static double server_seconds(void)
{
    struct timespec t = {0};
    if (has_server)
        clock_gettime(server_clock, &t);
    if (is_block_device) {
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        return usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6;
    }
    return t.tv_sec + t.tv_nsec / 1e9;
}

/* The finaliser of splitmix64: every bit of the result depends on every bit of the argument. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static uint64_t chance(struct connection *connection)
{
    return mix(connection->random++);
}

/* What the pages from `page` on hold in a version above 0, as far as the page's run goes. */
static const unsigned char *content(uint64_t page, uint16_t version)
{
    uint64_t run = mix((page / RUN << 16) + version) % corpus_runs;
    return corpus + (run * RUN + page % RUN) * PAGE;
}

static unsigned wrong_pages(const struct request *request)
{
    static const unsigned char zeroes[PAGE];
    uint64_t first = request->unit * request_pages;
    uint16_t version = versions[first];
    size_t length = (size_t) request_pages * PAGE;
    if (version != 0 && memcmp(request->buffer, content(first, version), length) == 0)
        return 0;
    unsigned wrong = 0;
    for (unsigned i = 0; i < request_pages; i++) {
        const unsigned char *must = version == 0 ? zeroes : content(first + i, version);
        wrong += memcmp(request->buffer + (size_t) i * PAGE, must, PAGE) != 0;
    }
    return wrong;
}

static void count_latency(struct connection *connection, double elapsed)
{
    uint64_t nanos = elapsed > 0 ? elapsed * 1e9 : 0;
    unsigned bucket = nanos;
    if (nanos >= 2 * STEPS) {
        unsigned shift = 63 - __builtin_clzll(nanos) - STEPS_SHIFT;
        bucket = (shift + 1) * STEPS + ((nanos >> shift) - STEPS);
    }
    connection->histogram[bucket]++;
    if (nanos > connection->worst_nanos)
        connection->worst_nanos = nanos;
}

static double bucket_micros(unsigned bucket)
{
    if (bucket < 2 * STEPS)
        return bucket / 1e3;
    unsigned shift = bucket / STEPS - 1;
    return ldexp(bucket % STEPS + STEPS + 0.5, shift) / 1e3;
}

static void finish(struct request *request, bool failed)
{
    struct connection *connection = request->connection;
    count_latency(connection, now() - request->started);
    if (failed)
        connection->failed++;
    else if (request->kind == READ)
        connection->wrong += wrong_pages(request);
    else
        for (unsigned i = 0; i < request_pages; i++)
            versions[request->unit * request_pages + i] = request->version;
    connection->busy[request->unit - connection->begin] = 0;
    connection->done++;
    connection->under_way--;
    request->under_way = false;
}

static uint16_t next_version(uint16_t version)
{
    return version == UINT16_MAX ? 1 : version + 1;
}

/* Decides what a request does; false when nothing is left to do. */
static bool choose(struct connection *connection, struct request *request)
{
    if (connection->work == IN_ORDER) {
        if (connection->next == connection->end)
            return false;
        request->unit = connection->next++;
        request->kind = WRITE;
    } else {
        if (connection->done + connection->under_way >= most_requests / connections)
            return false;
        do
            request->unit = connection->begin + chance(connection) % (connection->end - connection->begin);
        while (connection->busy[request->unit - connection->begin]);
        unsigned tenth = connection->work == MIXED ? chance(connection) % 10 : 0;
        request->kind = tenth < 5 ? READ : tenth < 9 ? WRITE : TRIM;
        if (connection->work == REWRITES)
            request->kind = WRITE;
    }
    uint16_t version = versions[request->unit * request_pages];
    request->version = request->kind == TRIM ? 0 : connection->work == REWRITES ? version : next_version(version);
    connection->busy[request->unit - connection->begin] = 1;
    connection->under_way++;
    request->under_way = true;
    return true;
}

static int completed(void *request, int *error)
{
    finish(request, *error != 0);
    return 1;
}

static void submit(struct request *request)
{
    struct nbd_handle *nbd = request->connection->nbd;
    uint64_t first = request->unit * request_pages, offset = first * PAGE;
    size_t length = (size_t) request_pages * PAGE;
    nbd_completion_callback then = {.callback = completed, .user_data = request};
    int64_t cookie;
    request->started = now();
    switch (request->kind) {
    case READ: cookie = nbd_aio_pread(nbd, request->buffer, length, offset, then, 0); break;
    case WRITE: cookie = nbd_aio_pwrite(nbd, content(first, request->version), length, offset, then, 0); break;
    default: cookie = nbd_aio_trim(nbd, length, offset, then, 0);
    }
    if (cookie == -1)
        fail("%s", nbd_get_error());
}

static void drive_nbd(struct connection *connection)
{
    bool open = true;
    while (open || connection->under_way > 0) {
        open = open && now() < connection->deadline;
        for (unsigned i = 0; open && i < depth; i++) {
            struct request *request = &connection->requests[i];
            if (request->under_way)
                continue;
            open = choose(connection, request);
            if (open)
                submit(request);
        }
        if (connection->under_way > 0 && nbd_poll(connection->nbd, -1) == -1)
            fail("%s", nbd_get_error());
    }
}

static bool transfer(const struct connection *connection, const struct request *request)
{
    uint64_t first = request->unit * request_pages, range[2] = {first * PAGE, (uint64_t) request_pages * PAGE};
    switch (request->kind) {
    case READ: return pread(connection->fd, request->buffer, range[1], range[0]) == (ssize_t) range[1];
    case WRITE: return pwrite(connection->fd, content(first, request->version), range[1], range[0]) == (ssize_t) range[1];
    default: return ioctl(connection->fd, BLKDISCARD, range) == 0;
    }
}

static void drive_block_device(struct connection *connection)
{
    struct request *request = &connection->requests[0];
    while (now() < connection->deadline && choose(connection, request)) {
        request->started = now();
        finish(request, !transfer(connection, request));
    }
}

static void *drive(void *argument)
{
    struct connection *connection = argument;
    connection->next = connection->begin;
    if (is_block_device)
        drive_block_device(connection);
    else
        drive_nbd(connection);
    return NULL;
}

/* Runs one piece of work on all connections; tells how long it took. */
static double run(enum work work, double most_seconds)
{
    double start = now();
    for (unsigned i = 0; i < connections; i++) {
        all[i].work = work;
        all[i].deadline = start + most_seconds;
        if (pthread_create(&all[i].thread, NULL, drive, &all[i]) != 0)
            fail("cannot start a thread");
    }
    for (unsigned i = 0; i < connections; i++)
        pthread_join(all[i].thread, NULL);
    return now() - start;
}

static void empty_all(void)
{
    for (uint64_t page = 0; page < pages; page += TRIM_PAGES) {
        uint64_t count = pages - page < TRIM_PAGES ? pages - page : TRIM_PAGES;
        uint64_t range[2] = {page * PAGE, count * PAGE};
        int result = is_block_device ? ioctl(all[0].fd, BLKDISCARD, range) : nbd_trim(all[0].nbd, range[1], range[0], 0);
        if (result != 0)
            fail("cannot empty %s: %s", target, is_block_device ? strerror(errno) : nbd_get_error());
    }
    memset(versions, 0, pages * sizeof *versions);
}

static void share_out(void)
{
    units = pages / request_pages;
    for (unsigned i = 0; i < connections; i++) {
        struct connection *connection = &all[i];
        connection->begin = units * i / connections;
        connection->end = units * (i + 1) / connections;
        free(connection->busy);
        connection->busy = reserve(connection->end - connection->begin, 1);
    }
}

/* With long requests, whatever the phase's are; then all pages have one version. */
static double fill(void)
{
    unsigned kept_pages = request_pages, kept_depth = depth;
    request_pages = RUN;
    depth = depth < FILL_DEPTH ? depth : FILL_DEPTH;
    memset(versions, 0, pages * sizeof *versions);
    share_out();
    double elapsed = run(IN_ORDER, 1e9);
    request_pages = kept_pages;
    depth = kept_depth;
    share_out();
    return elapsed;
}

static bool is_full(void)
{
    for (uint64_t page = 0; page < pages; page++)
        if (versions[page] == 0)
            return false;
    return true;
}

static void forget_figures(void)
{
    for (unsigned i = 0; i < connections; i++) {
        all[i].done = all[i].worst_nanos = 0;
        memset(all[i].histogram, 0, sizeof all[i].histogram);
    }
}

static double percentile(const uint64_t *histogram, uint64_t count, double share)
{
    uint64_t below = 0;
    unsigned bucket = 0;
    while (bucket < BUCKETS - 1 && (below += histogram[bucket]) < count * share)
        bucket++;
    return bucket_micros(bucket);
}

static bool report(const char *phase, double elapsed, double cpu, uint64_t pages_a_request)
{
    static uint64_t histogram[BUCKETS];
    uint64_t done = 0, wrong = 0, failed = 0, worst = 0;
    memset(histogram, 0, sizeof histogram);
    for (unsigned i = 0; i < connections; i++) {
        done += all[i].done, wrong += all[i].wrong, failed += all[i].failed;
        for (unsigned bucket = 0; bucket < BUCKETS; bucket++)
            histogram[bucket] += all[i].histogram[bucket];
        if (all[i].worst_nanos > worst)
            worst = all[i].worst_nanos;
        all[i].wrong = all[i].failed = 0;
    }
    uint64_t moved = done * pages_a_request;
    printf("phase=%s pages=%llu seconds=%.4f pages_per_s=%.0f p50_us=%.2f p99_us=%.2f p999_us=%.2f max_us=%.2f", phase,
           (unsigned long long) moved, elapsed, elapsed > 0 ? moved / elapsed : 0, percentile(histogram, done, 0.5),
           percentile(histogram, done, 0.99), percentile(histogram, done, 0.999), worst / 1e3);
    if (has_server || is_block_device)
        printf(" cpu_s_per_million=%.3f", moved > 0 ? cpu * 1e6 / moved : 0);
    printf(" wrong=%llu failed=%llu\n", (unsigned long long) wrong, (unsigned long long) failed);
    fflush(stdout);
    return wrong == 0 && failed == 0;
}

static bool run_write(void)
{
    double elapsed = 0, cpu = 0;
    while (elapsed < seconds) {
        empty_all();
        double before = server_seconds();
        elapsed += run(IN_ORDER, seconds - elapsed);
        cpu += server_seconds() - before;
    }
    return report("write", elapsed, cpu, request_pages);
}

static bool run_fill(void)
{
    double before = server_seconds(), elapsed = fill();
    return report("fill", elapsed, server_seconds() - before, RUN);
}

static bool run_at_random(const char *name, enum work work)
{
    if (!is_full())
        fill();
    forget_figures();
    double before = server_seconds(), elapsed = run(work, seconds);
    return report(name, elapsed, server_seconds() - before, request_pages);
}

static bool run_phase(const char *phase)
{
    forget_figures();
    if (strcmp(phase, "write") == 0)
        return run_write();
    if (strcmp(phase, "fill") == 0)
        return run_fill();
    if (strcmp(phase, "read") == 0)
        return run_at_random(phase, READS);
    if (strcmp(phase, "rewrite") == 0)
        return run_at_random(phase, REWRITES);
    if (strcmp(phase, "mix") == 0)
        return run_at_random(phase, MIXED);
    fail("there is no phase '%s'; they are write, read, rewrite, mix and fill", phase);
    return false;
}

/* What the page `page` of the export becomes, with the call that needs least: the table is not cleared for each page. */
static void run_lz4(void)
{
    static LZ4_stream_t state;
    static char compressed[LZ4_COMPRESSBOUND(PAGE)], restored[PAGE];
    LZ4_initStream(&state, sizeof state);
    double start = now(), compress = 0, restore = 0;
    uint64_t count = 0, bytes = 0;
    while (now() - start < seconds) {
        for (uint64_t page = 0; page < pages && (page % 256 != 0 || now() - start < seconds); page++, count++) {
            const char *source = (const char *) content(page, 1);
            double begin = now();
            int length = LZ4_compress_fast_extState_fastReset(&state, source, compressed, PAGE, sizeof compressed, 1);
            double middle = now();
            if (LZ4_decompress_safe(compressed, restored, length, PAGE) != PAGE)
                fail("lz4 does not give back what it took");
            compress += middle - begin, restore += now() - middle, bytes += length;
        }
    }
    printf("phase=lz4 pages=%llu compress_us=%.3f restore_us=%.3f ratio=%.3f\n", (unsigned long long) count,
           compress * 1e6 / count, restore * 1e6 / count, (double) count * PAGE / bytes);
}

static void connect_all(void)
{
    for (unsigned i = 0; i < connections; i++) {
        struct connection *connection = &all[i];
        connection->random = mix(seed + i);
        connection->requests = reserve(depth > FILL_DEPTH ? depth : FILL_DEPTH, sizeof *connection->requests);
        for (unsigned k = 0; k < (depth > FILL_DEPTH ? depth : FILL_DEPTH); k++) {
            struct request *request = &connection->requests[k];
            request->connection = connection;
            request->buffer = aligned_alloc(PAGE, RUN * PAGE);
            if (request->buffer == NULL)
                fail("no memory");
            memset(request->buffer, 0, RUN * PAGE);
        }
        if (is_block_device) {
            connection->fd = open(target, O_RDWR | O_DIRECT | O_CLOEXEC);
            if (connection->fd < 0)
                fail("%s: %s", target, strerror(errno));
        } else {
            connection->nbd = nbd_create();
            if (connection->nbd == NULL || nbd_connect_uri(connection->nbd, target) == -1)
                fail("%s: %s", target, nbd_get_error());
        }
    }
}

static void map_corpus(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0)
        fail("%s: %s", path, strerror(errno));
    corpus_runs = status.st_size / PAGE / RUN;
    if (corpus_runs == 0)
        fail("%s holds no %d pages", path, RUN);
    corpus = mmap(NULL, corpus_runs * RUN * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (corpus == MAP_FAILED)
        fail("%s: %s", path, strerror(errno));
    close(file);
}

static double number(const char *text, const char *what, double least, double most)
{
    char *end;
    double value = strtod(text, &end);
    if (*text < '0' || *text > '9' || *end != '\0' || value < least || value > most)
        fail("%s must be a number from %.0f to %.0f, not '%s'", what, least, most, text);
    return value;
}

static unsigned power_of_two(const char *text, const char *what, unsigned most)
{
    unsigned value = number(text, what, 1, most);
    if ((value & (value - 1)) != 0)
        fail("%s must be a power of two, not '%s'", what, text);
    return value;
}

static void watch_server(const char *text)
{
    if (clock_getcpuclockid(number(text, "--server", 1, 1 << 30), &server_clock) != 0)
        fail("there is no process %s", text);
    has_server = true;
}

static bool filled;

static void read_options(int count, char **arguments)
{
    static const struct option options[] = {
        {"corpus", required_argument, NULL, 'c'},  {"pages", required_argument, NULL, 'p'},
        {"request", required_argument, NULL, 'r'}, {"depth", required_argument, NULL, 'd'},
        {"connections", required_argument, NULL, 'n'}, {"seconds", required_argument, NULL, 's'},
        {"most", required_argument, NULL, 'm'},    {"server", required_argument, NULL, 'v'},  {"filled", no_argument, NULL, 'f'},
        {"seed", required_argument, NULL, 'e'},    {"damage", no_argument, NULL, 'x'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c': map_corpus(optarg); break;
        case 'p': pages = (uint64_t) number(optarg, "--pages", RUN, 1 << 30) / RUN * RUN; break;
        case 'r': request_pages = power_of_two(optarg, "--request", RUN); break;
        case 'd': depth = number(optarg, "--depth", 1, DEPTH_MAX); break;
        case 'n': connections = number(optarg, "--connections", 1, CONNECTIONS_MAX); break;
        case 's': seconds = number(optarg, "--seconds", 0, 3600); break;
        case 'm': most_requests = number(optarg, "--most", 1, 1e15); break;
        case 'v': watch_server(optarg); break;
        case 'f': filled = true; break;
        case 'e': seed = number(optarg, "--seed", 0, 1e15); break;
        case 'x': damage = true; break;
        case 'h': fputs(usage, stdout); exit(0);
        default: fputs(usage, stderr); exit(2);
        }
    }
    if (corpus == NULL || optind == count) {
        fputs(usage, stderr);
        exit(2);
    }
}

/* One thread for each request under way. */
static void spread_over_threads(void)
{
    if (!is_block_device)
        return;
    connections *= depth;
    depth = 1;
    if (connections > CONNECTIONS_MAX)
        fail("a block device takes %d requests at a time, not %u", CONNECTIONS_MAX, connections);
}

/* All versions as `fill` leaves them. */
static void believe_filled(void)
{
    for (uint64_t page = 0; page < pages; page++)
        versions[page] = 1;
}

int main(int count, char **arguments)
{
    read_options(count, arguments);
    target = arguments[optind++];
    if (strcmp(target, "lz4") == 0) {
        run_lz4();
        return 0;
    }
    is_block_device = target[0] == '/';
    spread_over_threads();
    if (pages / RUN < connections || pages / request_pages / connections <= depth)
        fail("%llu pages are too few for %u requests of %u on %u connections", (unsigned long long) pages, depth,
             request_pages, connections);
    versions = reserve(pages, sizeof *versions);
    share_out();
    connect_all();
    if (filled)
        believe_filled();
    bool right = true;
    for (int i = optind; i < count; i++) {
        if (damage && i == count - 1)
            ((unsigned char *) (uintptr_t) content(pages / 2, 1))[seed % PAGE] ^= 1;
        right &= run_phase(arguments[i]);
    }
    for (unsigned i = 0; i < connections && !is_block_device; i++)
        nbd_shutdown(all[i].nbd, 0);
    return !right;
}
