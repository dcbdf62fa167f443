/* runtime/host/jack.h: what PortAudio 19 leaves undone when a JACK server ends.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_JACK_H
#define CHR_RUNTIME_JACK_H

/* The JACK library says nothing on standard error from here on. Without JACK, nothing happens. */
void chr_jack_hush(void);
/* Once the server has ended: wakes a stream of PortAudio's that waits for it. */
void chr_jack_wake(void);

#endif
