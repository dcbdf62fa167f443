/* runtime/host/steady.h: a host that does not end. When its sound card goes away, or sleeps, the
 * blocks are asked for by a clock, so that time goes on at the same pace and unheard; when the card
 * is back it takes over again. [control] but for the fill. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_STEADY_H
#define CHR_RUNTIME_STEADY_H

#include "runtime/host/host.h"

typedef struct chr_steady chr_steady;

/* Opens a host of `driver`; as that driver's `open`. */
chr_status chr_steady_open(chr_steady **steady, const chr_host_driver *driver,
                           const chr_host_want *want, char why[CHR_HOST_TEXT]);
/* The same where there is no such device yet: a clock asks for the blocks at the rate that was
 * asked for, or 48000 Hz, until the device is there. CHR_NO_MEMORY alone can go wrong. */
chr_status chr_steady_open_silent(chr_steady **steady, const chr_host_driver *driver,
                                  const chr_host_want *want, char why[CHR_HOST_TEXT]);
/* From here on `fill` is called, by one thread at a time, until chr_steady_stop returns. */
chr_status chr_steady_start(chr_steady *s, chr_host_fill *fill, void *context,
                            char why[CHR_HOST_TEXT]);
/* Some hundred times a second: looks after the card. A sentence that the player should read, or
 * NULL; it is valid until the next call. */
const char *chr_steady_tend(chr_steady *s);
/* What was got; device, latency and block may change when a card comes, rate and inputs do not. */
const chr_host_facts *chr_steady_facts(const chr_steady *s);
/* How often the device said that it ran dry. */
unsigned chr_steady_xruns(const chr_steady *s);
/* False while a card is away. */
bool chr_steady_is_heard(const chr_steady *s);
void chr_steady_stop(chr_steady *s);
void chr_steady_close(chr_steady *s);

#endif
