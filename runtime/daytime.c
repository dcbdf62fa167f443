/* runtime/daytime.c: days counted from midnight to midnight of the player's own time zone.
 * SPDX-License-Identifier: MIT */
#include "runtime/daytime.h"

#include <stdio.h>

/* Days of the calendar since one long ago (Howard Hinnant's days_from_civil; years begin in March):
 * the difference of two times would be wrong where a day has 23 hours. */
static long day_number(const struct tm *t) {
    long y = t->tm_year + 1900L - (t->tm_mon < 2), m = (t->tm_mon + 10) % 12;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + t->tm_mday;
}

const char *chr_daytime(const char *utc, time_t now, char text[CHR_DAYTIME_TEXT]) {
    static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                           "Thursday", "Friday", "Saturday"};
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    struct tm then = {0}, today;
    int n = sscanf(utc, "%4d-%2d-%2dT%2d:%2d:%2dZ", &then.tm_year, &then.tm_mon, &then.tm_mday,
                   &then.tm_hour, &then.tm_min, &then.tm_sec);
    then.tm_year -= 1900;
    then.tm_mon -= 1;
    time_t at = n == 6 ? timegm(&then) : (time_t)-1;
    if (at == (time_t)-1 || !localtime_r(&at, &then) || !localtime_r(&now, &today)) {
        snprintf(text, CHR_DAYTIME_TEXT, "%.60s", utc);
        return text;
    }
    long days = day_number(&today) - day_number(&then);
    char day[32];
    if (days == 0 || days == 1)
        snprintf(day, sizeof day, "%s", days == 0 ? "today" : "yesterday");
    else if (days > 1 && days < 7)
        snprintf(day, sizeof day, "%s", weekdays[then.tm_wday]);
    else if (then.tm_year == today.tm_year)
        snprintf(day, sizeof day, "%d %s", then.tm_mday, months[then.tm_mon]);
    else
        snprintf(day, sizeof day, "%d %s %d", then.tm_mday, months[then.tm_mon],
                 then.tm_year + 1900);
    snprintf(text, CHR_DAYTIME_TEXT, "%s %02d:%02d", day, then.tm_hour, then.tm_min);
    return text;
}
