/* The reference network, written by hand for this network alone: what the kernel is compared with.

   900 acute beds, 150 Poisson arrivals a day, lognormal stay (mean 5.5 days, CV 1.2); then 75% go
   home, 12% to home care (700 places, 35 days), 8% to intermediate care (330, 27 days), 3% to
   residential care (4,200, 700 days), 2% die. Blocking after service, arrivals wait, first come
   first served, exponential stays but the first. Two years from empty.

   The event list is a calendar queue of linked buckets over a pool of people, random numbers are
   xoshiro256+ and ziggurats of 256 layers, and time averages of people in each setting, delayed and
   waiting are kept. Prints for each replication its milliseconds and these averages. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BUCKETS 4096
#define POOL 65536
enum { ACUTE, HOME_CARE, INTERMEDIATE, RESIDENTIAL, SETTINGS, HOME = 4, DIED = 5 };
static const int capacity[SETTINGS] = {900, 700, 330, 4200};
static const double mean_stay[SETTINGS] = {5.5, 35, 27, 700};

typedef struct {
    double time;
    int next, link;
    short setting;
#ifdef STREAMS
    uint64_t key;
#endif
} Person;
static Person people[POOL];
static int bucket[BUCKETS], free_head;
static double days, per_day, now;
static uint64_t state[4];

#ifdef STREAMS
static uint64_t arrivals, key, place;
static inline uint64_t mixed(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
static inline uint64_t next_word(void) { return mixed(key + ++place * 0x9E3779B97F4A7C15u); }
#define READ(person, what) (key = people[person].key, place = (uint64_t)(what) << 24)
#define NEW_KEY(person) \
    (people[person].key = mixed(state[0] + ++arrivals * 0x9E3779B97F4A7C15u))
#else
#define READ(person, what)
#define NEW_KEY(person)
static inline uint64_t next_word(void) {
    uint64_t r = state[0] + state[3], t = state[1] << 17;
    state[2] ^= state[0]; state[3] ^= state[1]; state[1] ^= state[2]; state[0] ^= state[3];
    state[2] ^= t; state[3] = (state[3] << 45) | (state[3] >> 19);
    return r;
}
#endif
static inline double uniform(void) { return ((next_word() >> 12) + 0.5) * 0x1p-52; }

static double nw[256], nh[257], ew[256], eh[257];
static uint64_t nk[256], ek[256];
static void tables(void) {
    double x[257];
    for (int kind = 0; kind < 2; kind++) {
        double tail = kind ? 7.69711747013104972 : 3.6541528853610088;
        double area = kind ? 0.003949659822581572 : 0.00492867323399141;
        double *w = kind ? ew : nw, *h = kind ? eh : nh;
        uint64_t *k = kind ? ek : nk;
        x[0] = area / (kind ? exp(-tail) : exp(-0.5 * tail * tail)); x[1] = tail; x[256] = 0;
        for (int i = 2; i < 256; i++) {
            double y = area / x[i - 1] + (kind ? exp(-x[i - 1]) : exp(-0.5 * x[i - 1] * x[i - 1]));
            x[i] = kind ? -log(y) : sqrt(-2 * log(y));
        }
        for (int i = 0; i < 256; i++) { w[i] = x[i] * 0x1p-53; k[i] = (uint64_t)(x[i + 1] / x[i] * 0x1p53); }
        for (int i = 0; i < 257; i++) h[i] = kind ? exp(-x[i]) : exp(-0.5 * x[i] * x[i]);
    }
}
static inline double normal(void) {
    for (;;) {
        uint64_t r = next_word(), u = r >> 11;
        int i = r & 255;
        double x = u * nw[i], s = r & 256 ? 1 : -1;
        if (u < nk[i]) return s * x;
        if (i == 0) {
            double a, b;
            do { a = -log(uniform()) / 3.6541528853610088; b = -log(uniform()); } while (b + b < a * a);
            return s * (3.6541528853610088 + a);
        }
        if (nh[i] + uniform() * (nh[i + 1] - nh[i]) < exp(-0.5 * x * x)) return s * x;
    }
}
static inline double exponential(void) {
    for (;;) {
        uint64_t r = next_word(), u = r >> 11;
        int i = r & 255;
        double x = u * ew[i];
        if (u < ek[i]) return x;
        if (i == 0) return 7.69711747013104972 - log(uniform());
        if (eh[i] + uniform() * (eh[i + 1] - eh[i]) < exp(-x)) return x;
    }
}

static inline void schedule(int p, double time) {
    if (time >= days) return;
    int b = (int64_t)(time * per_day) & (BUCKETS - 1), before = -1, after = bucket[b];
    people[p].time = time;
    while (after >= 0 && people[after].time <= time) { before = after; after = people[after].next; }
    people[p].next = after;
    if (before < 0) bucket[b] = p; else people[before].next = p;
}

/* Levels and areas: people in each setting, delayed by the setting they need, waiting for acute. */
static double level[2 * SETTINGS + 1], area[2 * SETTINGS + 1];
static inline void shift(int k, int by) { level[k] += by; area[k] += by * (days - now); }

static int head[SETTINGS], tail[SETTINGS], in_use[SETTINGS];
static double mu, sigma;

static inline void enter(int p, int s) {
    in_use[s]++; people[p].setting = s;
    shift(s, 1);
    READ(p, s + 1);
    double stay = s == ACUTE ? exp(mu + sigma * normal()) : exponential() * mean_stay[s];
    schedule(p, now + stay);
}
static inline void join(int p, int s) {
    people[p].link = -1;
    if (tail[s] < 0) head[s] = p; else people[tail[s]].link = p;
    tail[s] = p;
}
static void leave(int s) {
    in_use[s]--; shift(s, -1);
    while (head[s] >= 0 && in_use[s] < capacity[s]) {
        int p = head[s];
        head[s] = people[p].link;
        if (head[s] < 0) tail[s] = -1;
        if (s == ACUTE) { shift(2 * SETTINGS, -1); enter(p, s); }
        else { shift(SETTINGS + s, -1); enter(p, s); leave(ACUTE); }
    }
}

static long replicate(uint64_t seed) {
    for (int i = 0; i < 4; i++) {
        uint64_t z = (seed += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u; z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        state[i] = z ^ (z >> 31);
    }
    memset(bucket, -1, sizeof bucket); memset(head, -1, sizeof head); memset(tail, -1, sizeof tail);
    memset(in_use, 0, sizeof in_use); memset(level, 0, sizeof level); memset(area, 0, sizeof area);
    for (int i = 1; i < POOL; i++) people[i].next = i + 1;
    free_head = 1; now = 0;
    long events = 0;
    int64_t at = 0, last = (int64_t)(days * per_day);
    NEW_KEY(0); READ(0, 9);
    schedule(0, exponential() / 150);
    while (at <= last) {
        int p = bucket[at & (BUCKETS - 1)];
        if (p < 0 || (int64_t)(people[p].time * per_day) != at) { at++; continue; }
        bucket[at & (BUCKETS - 1)] = people[p].next;
        now = people[p].time;
        events++;
        if (p == 0) {
            int q = free_head;
            free_head = people[q].next;
#ifdef STREAMS
            people[q].key = people[0].key;
#endif
            NEW_KEY(0); READ(0, 9);
            schedule(0, now + exponential() / 150);
            if (in_use[ACUTE] < capacity[ACUTE]) enter(q, ACUTE);
            else { join(q, ACUTE); shift(2 * SETTINGS, 1); }
            continue;
        }
        int s = people[p].setting, to = HOME;
        if (s == ACUTE) {
            READ(p, 10);
            double u = uniform();
            to = u < 0.75 ? HOME : u < 0.87 ? HOME_CARE : u < 0.95 ? INTERMEDIATE : u < 0.98 ? RESIDENTIAL : DIED;
        }
        if (to < SETTINGS) {
            if (in_use[to] >= capacity[to]) { shift(SETTINGS + to, 1); join(p, to); continue; }
            enter(p, to);
        } else { people[p].next = free_head; free_head = p; }
        leave(s);
    }
    return events;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 10;
    days = argc > 2 ? atof(argv[2]) : 730; per_day = 330;
    double variance = log(1 + 1.2 * 1.2);
    sigma = sqrt(variance); mu = log(5.5) - variance / 2;
    tables();
    for (int i = 0; i < n; i++) {
        struct timespec a, b;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        long events = replicate(i + 1);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        double delayed = 0;
        for (int s = 0; s < SETTINGS; s++) delayed += area[SETTINGS + s];
        printf("%.4f %ld %.4f %.4f %.4f %.4f %.4f %.4f\n",
               (b.tv_sec - a.tv_sec) * 1e3 + (b.tv_nsec - a.tv_nsec) / 1e6, events, area[0] / days,
               area[1] / days, area[2] / days, area[3] / days, delayed / days, area[8] / days);
    }
}
