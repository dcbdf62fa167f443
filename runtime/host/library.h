/* runtime/host/library.h: PortAudio, which is loaded when a device is asked for first: it brings
 * eight libraries along, and most of what the program is asked to do makes no use of them.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_LIBRARY_H
#define CHR_RUNTIME_LIBRARY_H

#include <portaudio.h>
#include <stdbool.h>

#define CHR_PA_FUNCTIONS(F)                                                                        \
    F(GetVersionText)                                                                              \
    F(GetErrorText)                                                                                \
    F(Initialize)                                                                                  \
    F(Terminate)                                                                                   \
    F(GetDeviceCount)                                                                              \
    F(GetDeviceInfo)                                                                               \
    F(GetHostApiInfo)                                                                              \
    F(GetDefaultOutputDevice)                                                                      \
    F(OpenStream)                                                                                  \
    F(CloseStream)                                                                                 \
    F(StartStream)                                                                                 \
    F(StopStream)                                                                                  \
    F(AbortStream)                                                                                 \
    F(IsStreamActive)                                                                              \
    F(GetStreamInfo)

/* The functions of PortAudio without their Pa_. */
typedef struct chr_pa_functions {
#define CHR_PA_MEMBER(name) __typeof__(&Pa_##name) name;
    CHR_PA_FUNCTIONS(CHR_PA_MEMBER)
#undef CHR_PA_MEMBER
} chr_pa_functions;

extern chr_pa_functions chr_pa;

/* [control] Loads it, at the first call; no device is touched. False: it is not there, or lacks
 * something; nothing of chr_pa may be called then. */
bool chr_pa_load(void);

#endif
