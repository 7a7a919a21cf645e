/* The reference network by hand: 12 stocks, 21 flows, Euler, for any number of members.
 *
 * Members are advanced in blocks of 64, one number per member in each stock, so that the compiler
 * can use vector instructions and a block stays in the fastest cache. Figures as in reference.py.
 */
#include <math.h>
#include <stddef.h>
#include <string.h>

#define BLOCK 64
#define STOCKS 12
#define INPUTS 8

enum { WELL, WAITING, ACUTE, DLY_HC, DLY_IC, DLY_RES, INTER, HOMECARE, REABLE, RESID, RECENT, DEAD };
enum { ADM_RATE, GROWTH, LOS_AC, F_HC, K_HC, K_IC, LOS_IC, READMIT };

static const double START[STOCKS] = {95000, 20, 330, 15, 10, 12, 80, 1100, 60, 1700, 1500, 0};

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double most(double a, double b) { return a > b ? a : b; }

static void advance_block(double in[INPUTS][BLOCK], size_t valid, size_t members, size_t first,
                          int steps, int save_every, double dt, double *saved)
{
    const double pop_in = 6.0, rc_leave = 1.0 / 30, tau_q = 0.5, tau_cap = 1.0, w_leave = 0.02;
    const double k_ac = 420, f_ic = 0.10, f_res = 0.04, f_die = 0.03, los_hc = 120, f_ic_rb = 0.35;
    const double los_rb = 42, k_res = 1800, los_res = 700, f_hc_die = 0.25, f_rb_res = 0.05;
    const double per_tau_q = 1 / tau_q, per_tau_cap = 1 / tau_cap;
    const double leave_hc = 1 / los_hc, leave_rb = 1 / los_rb, leave_res = 1 / los_res;
    const size_t saves = (size_t)(steps / save_every) + 1;
    double x[STOCKS][BLOCK];
    double m[BLOCK], ratio[BLOCK], leave_ac[BLOCK], leave_ic[BLOCK], f_rc[BLOCK];

    for (int s = 0; s < STOCKS; s++)
        for (int l = 0; l < BLOCK; l++)
            x[s][l] = START[s];
    for (int l = 0; l < BLOCK; l++) {
        ratio[l] = exp(in[GROWTH][l] * dt / 365);
        leave_ac[l] = 1 / in[LOS_AC][l];
        leave_ic[l] = 1 / in[LOS_IC][l];
        f_rc[l] = 1 - in[F_HC][l] - f_ic - f_res - f_die;
    }
    for (int n = 0; n <= steps; n++) {
        if (n % save_every == 0) {
            for (size_t s = 0; s < STOCKS; s++) {
                size_t row = s * saves + (size_t)(n / save_every);
                memcpy(saved + row * members + first, x[s], valid * sizeof(double));
            }
            for (int l = 0; l < BLOCK; l++) /* multiplied up in between */
                m[l] = exp(in[GROWTH][l] * (n * dt) / 365);
        }
        if (n == steps)
            break;
        for (int l = 0; l < BLOCK; l++) {
            double births = pop_in * m[l];
            double adm_req = x[WELL][l] * in[ADM_RATE][l] * m[l];
            double readm = x[RECENT][l] * in[READMIT][l];
            double rc_recover = x[RECENT][l] * rc_leave;
            double beds = k_ac - x[ACUTE][l] - x[DLY_HC][l] - x[DLY_IC][l] - x[DLY_RES][l];
            double admit = least(x[WAITING][l], most(0, beds)) * per_tau_q;
            double w_left = x[WAITING][l] * w_leave;
            double leave = x[ACUTE][l] * leave_ac[l];
            double to_dhc = leave * in[F_HC][l];
            double to_dic = leave * f_ic;
            double to_dres = leave * f_res;
            double ac_die = leave * f_die;
            double to_rc = leave * f_rc[l];
            double free_hc = most(0, in[K_HC][l] - x[HOMECARE][l]) * per_tau_cap;
            double free_ic = most(0, in[K_IC][l] - x[INTER][l]) * per_tau_cap;
            double free_res = most(0, k_res - x[RESID][l]) * per_tau_cap;
            double hc_start = least(x[DLY_HC][l] * per_tau_q, free_hc);
            double ic_start = least(x[DLY_IC][l] * per_tau_q, free_ic);
            double res_start = least(x[DLY_RES][l] * per_tau_q, free_res);
            double ic_leave = x[INTER][l] * leave_ic[l];
            double ic_rb = ic_leave * f_ic_rb, ic_home = ic_leave - ic_rb;
            double hc_leave = x[HOMECARE][l] * leave_hc;
            double hc_die = hc_leave * f_hc_die, hc_rec = hc_leave - hc_die;
            double rb_leave = x[REABLE][l] * leave_rb;
            double rb_res = rb_leave * f_rb_res, rb_home = rb_leave - rb_res;
            double res_die = x[RESID][l] * leave_res;

            x[WELL][l] += dt * (births + rc_recover - adm_req);
            x[WAITING][l] += dt * (adm_req + readm - admit - w_left);
            x[ACUTE][l] += dt * (admit - leave);
            x[DLY_HC][l] += dt * (to_dhc - hc_start);
            x[DLY_IC][l] += dt * (to_dic - ic_start);
            x[DLY_RES][l] += dt * (to_dres - res_start);
            x[INTER][l] += dt * (ic_start - ic_leave);
            x[HOMECARE][l] += dt * (hc_start - hc_leave);
            x[REABLE][l] += dt * (ic_rb - rb_leave);
            x[RESID][l] += dt * (res_start + rb_res - res_die);
            x[RECENT][l] += dt * (to_rc + w_left + ic_home + hc_rec + rb_home - rc_recover - readm);
            x[DEAD][l] += dt * (ac_die + hc_die + res_die);
            m[l] *= ratio[l];
        }
    }
}

/* inputs: [INPUTS][members]; saved: [STOCKS][saves][members]. */
void run_reference(const double *inputs, size_t members, int steps, int save_every, double dt,
                   double *saved)
{
    double block[INPUTS][BLOCK];

    for (size_t first = 0; first < members; first += BLOCK) {
        size_t valid = members - first < BLOCK ? members - first : BLOCK;
        for (size_t i = 0; i < INPUTS; i++)
            for (size_t l = 0; l < BLOCK; l++)
                block[i][l] = inputs[i * members + first + (l < valid ? l : valid - 1)];
        advance_block(block, valid, members, first, steps, save_every, dt, saved);
    }
}
