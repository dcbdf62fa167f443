/* runtime/cli/json.c: what happens in a session, for programs.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/json.h"

#include "lang/visible.h"

#include <stdio.h>
#include <string.h>

static void begin(const char *kind, int evaluation) {
    printf("{\"kind\": \"%s\"", kind);
    if (evaluation > 0)
        printf(", \"evaluation\": %d", evaluation);
}

static void end(void) {
    puts("}");
    fflush(stdout);
}

void chr_json_diagnostics(int evaluation, const chr_diags *diags) {
    begin("diagnostics", evaluation);
    fputs(", \"diagnostics\": ", stdout);
    chr_diags_print_json(diags, stdout, true);
    end();
}

void chr_json_text(int evaluation, const char *kind, const char *text) {
    begin(kind, evaluation);
    fputs(", \"text\": ", stdout);
    chr_print_json(stdout, text, strlen(text));
    end();
}

void chr_json_answer(int evaluation, const char *text, const char *facts) {
    begin("answer", evaluation);
    fputs(", \"text\": ", stdout);
    chr_print_json(stdout, text, strlen(text));
    printf(", %s", facts);
    end();
}

void chr_json_event(const char *event, const char *text) {
    begin("event", 0);
    printf(", \"event\": \"%s\", \"text\": ", event);
    chr_print_json(stdout, text, strlen(text));
    end();
}

void chr_json_evaluation(int evaluation, const chr_json_result *r) {
    begin("evaluation", evaluation);
    printf(", \"ok\": %s, \"errors\": %d, \"warnings\": %d", r->applied ? "true" : "false",
           r->n_errors, r->n_warnings);
    if (r->report)
        printf(", \"kept\": %d, \"changed\": %d, \"new\": %d, \"gone\": %d, \"patterns_wait\": %s",
               r->report->kept, r->report->changed, r->report->added, r->report->gone,
               r->report->patterns_wait ? "true" : "false");
    if (r->placed) {
        fputs(", \"at\": {", stdout);
        if (r->bar > 0)
            printf("\"bar\": %.0f, \"beat\": %.4f, ", r->bar, r->beat);
        printf("\"seconds\": %.6f, \"sample\": %llu}", r->seconds, (unsigned long long)r->sample);
    } else {
        fputs(", \"at\": null", stdout);
    }
    end();
}
