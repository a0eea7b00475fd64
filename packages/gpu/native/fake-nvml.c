/*
 * A libnvidia-ml.so.1 without a GPU. It answers from the file that lies beside it under its own name with
 * `.scenario` appended, read again at every call: whoever changes the file changes what the GPUs say.
 *
 *   driver = 590.48.01             text, up to the end of the line
 *   count = 2                      GPUs
 *   0.uuid = GPU-…                 a key that is absent answers NOT_SUPPORTED, as a real GPU does
 *   0.name  0.utilization (%)  0.samples (percents)  0.memory_total  0.memory_used  0.memory_reserved (bytes)
 *   0.temperature (°C)  0.power (mW)  0.energy (mJ)
 *   fail.nvmlInit_v2 = 18          this function answers a code instead
 *   0.fail.* = 15                  every function that takes this GPU; or a single one by name
 *   hang.nvmlDeviceGetName = 1     this function waits until the file no longer says so; meanwhile the process
 *                                  id lies in a file with `.hanging` appended
 *   crash.nvmlDeviceGetName = 1    this function reads address 8
 *
 * With -DFAKE_DRIVER_BRANCH=470 it lacks the functions that came later.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "nvml-structs.h"

#ifndef FAKE_DRIVER_BRANCH
#define FAKE_DRIVER_BRANCH 590
#endif

#define EXPORT __attribute__((visibility("default")))

enum {
  SUCCESS = 0,
  UNINITIALIZED = 1,
  INVALID_ARGUMENT = 2,
  NOT_SUPPORTED = 3,
  NOT_FOUND = 6,
  INSUFFICIENT_SIZE = 7,
  ARGUMENT_VERSION_MISMATCH = 25,
};

typedef struct {
  unsigned int index;
} Device;

static Device devices[64];
static int starts;

/* The value of a key, copied without the spaces around it. */
static int lookup(const char *key, char *value, size_t size) {
  Dl_info self;
  char path[4096], line[8192];
  if (!dladdr((void *)&lookup, &self)) return 0;
  snprintf(path, sizeof path, "%s.scenario", self.dli_fname);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  int found = 0;
  while (!found && fgets(line, sizeof line, file)) {
    char *equals = strchr(line, '=');
    if (!equals) continue;
    char *end = equals;
    while (end > line && end[-1] == ' ') end--;
    *end = 0;
    if (strcmp(line, key) != 0) continue;
    char *text = equals + 1 + strspn(equals + 1, " ");
    text[strcspn(text, "\r\n")] = 0;
    snprintf(value, size, "%s", text);
    found = 1;
  }
  fclose(file);
  return found;
}

static int lookup_number(const char *key, unsigned long long *value) {
  char text[64];
  if (!lookup(key, text, sizeof text)) return 0;
  *value = strtoull(text, NULL, 10);
  return 1;
}

static int reading(const Device *device, const char *name, unsigned long long *value) {
  char key[128];
  snprintf(key, sizeof key, "%u.%s", device->index, name);
  return lookup_number(key, value);
}

static void hang(const char *key) {
  Dl_info self;
  char path[4096];
  unsigned long long ignored;
  dladdr((void *)&lookup, &self);
  snprintf(path, sizeof path, "%s.hanging", self.dli_fname);
  FILE *file = fopen(path, "w");
  if (file) {
    fprintf(file, "%d", (int)getpid());
    fclose(file);
  }
  while (lookup_number(key, &ignored)) usleep(5000);
  remove(path);
}

/* What the scenario has in store for this call: SUCCESS means go on. */
static int fault(const char *function, const Device *device) {
  char key[128];
  unsigned long long code;
  snprintf(key, sizeof key, "hang.%s", function);
  if (lookup_number(key, &code)) hang(key);
  snprintf(key, sizeof key, "crash.%s", function);
  if (lookup_number(key, &code)) {
    volatile int *nowhere = (volatile int *)(uintptr_t)8;
    return *nowhere;
  }
  snprintf(key, sizeof key, "fail.%s", function);
  if (lookup_number(key, &code)) return (int)code;
  if (device) {
    snprintf(key, sizeof key, "%u.fail.*", device->index);
    if (lookup_number(key, &code)) return (int)code;
    snprintf(key, sizeof key, "%u.fail.%s", device->index, function);
    if (lookup_number(key, &code)) return (int)code;
  }
  return SUCCESS;
}

#define BEGIN(device)                          \
  do {                                         \
    int code = fault(__func__, device);        \
    if (code != SUCCESS) return code;          \
    if (starts == 0) return UNINITIALIZED;     \
  } while (0)

#define READ(device, name, value) \
  unsigned long long value;       \
  if (!reading(device, name, &value)) return NOT_SUPPORTED

EXPORT int nvmlInit_v2(void) {
  int code = fault(__func__, NULL);
  if (code == SUCCESS) starts++;
  return code;
}

EXPORT int nvmlShutdown(void) {
  BEGIN(NULL);
  starts--;
  return SUCCESS;
}

EXPORT int nvmlSystemGetDriverVersion(char *version, unsigned int length) {
  BEGIN(NULL);
  return lookup("driver", version, length) ? SUCCESS : NOT_SUPPORTED;
}

EXPORT int nvmlDeviceGetCount_v2(unsigned int *count) {
  BEGIN(NULL);
  unsigned long long value = 0;
  lookup_number("count", &value);
  *count = (unsigned int)value;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned int index, Device **handle) {
  if (index >= sizeof devices / sizeof devices[0]) return INVALID_ARGUMENT;
  Device *device = &devices[index];
  device->index = index;
  BEGIN(device);
  *handle = device;
  return SUCCESS;
}

static int text_of(const Device *device, const char *name, char *text, unsigned int length) {
  char key[128];
  snprintf(key, sizeof key, "%u.%s", device->index, name);
  return lookup(key, text, length) ? SUCCESS : NOT_SUPPORTED;
}

EXPORT int nvmlDeviceGetName(Device *device, char *name, unsigned int length) {
  BEGIN(device);
  return text_of(device, "name", name, length);
}

EXPORT int nvmlDeviceGetUUID(Device *device, char *uuid, unsigned int length) {
  BEGIN(device);
  return text_of(device, "uuid", uuid, length);
}

EXPORT int nvmlDeviceGetUtilizationRates(Device *device, nvmlUtilization_t *rates) {
  BEGIN(device);
  READ(device, "utilization", percent);
  rates->gpu = (unsigned int)percent;
  rates->memory = 0;
  return SUCCESS;
}

/* Sample number n, counted from 1, was taken at n seconds. */
EXPORT int nvmlDeviceGetSamples(Device *device, int type, unsigned long long last_seen, int *value_type,
                                unsigned int *count, nvmlSample_t *samples) {
  BEGIN(device);
  char key[128], list[8192];
  snprintf(key, sizeof key, "%u.samples", device->index);
  if (type != 1 || !lookup(key, list, sizeof list)) return NOT_SUPPORTED;
  unsigned int n = 0, written = 0;
  for (char *word = strtok(list, " "); word; word = strtok(NULL, " ")) {
    unsigned long long at = ++n * 1000000ull;
    if (at <= last_seen) continue;
    if (written == *count) return INSUFFICIENT_SIZE;
    samples[written].timeStamp = at;
    samples[written++].sampleValue.uiVal = (unsigned int)strtoul(word, NULL, 10);
  }
  *value_type = 1;
  *count = written;
  return written ? SUCCESS : NOT_FOUND;
}

EXPORT int nvmlDeviceGetMemoryInfo(Device *device, nvmlMemory_t *memory) {
  BEGIN(device);
  READ(device, "memory_total", total);
  READ(device, "memory_used", used);
  unsigned long long reserved = 0;
  reading(device, "memory_reserved", &reserved);
  memory->total = total;
  memory->used = used + reserved; /* version 1 counts the driver's reserve as used */
  memory->free = total - memory->used;
  return SUCCESS;
}

#if FAKE_DRIVER_BRANCH >= 510
EXPORT int nvmlDeviceGetMemoryInfo_v2(Device *device, nvmlMemory_v2_t *memory) {
  BEGIN(device);
  if (memory->version != (sizeof *memory | 2u << 24)) return ARGUMENT_VERSION_MISMATCH;
  READ(device, "memory_total", total);
  READ(device, "memory_used", used);
  memory->total = total;
  memory->used = used;
  memory->reserved = 0;
  reading(device, "memory_reserved", &memory->reserved);
  memory->free = total - used - memory->reserved;
  return SUCCESS;
}
#endif

#if FAKE_DRIVER_BRANCH >= 570
EXPORT int nvmlDeviceGetTemperatureV(Device *device, nvmlTemperature_v1_t *temperature) {
  BEGIN(device);
  if (temperature->version != (sizeof *temperature | 1u << 24)) return ARGUMENT_VERSION_MISMATCH;
  READ(device, "temperature", celsius);
  temperature->temperature = (int)celsius;
  return SUCCESS;
}
#endif

EXPORT int nvmlDeviceGetTemperature(Device *device, int sensor, unsigned int *celsius) {
  BEGIN(device);
  if (sensor != 0) return INVALID_ARGUMENT;
  READ(device, "temperature", value);
  *celsius = (unsigned int)value;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetPowerUsage(Device *device, unsigned int *milliwatts) {
  BEGIN(device);
  READ(device, "power", value);
  *milliwatts = (unsigned int)value;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetTotalEnergyConsumption(Device *device, unsigned long long *millijoules) {
  BEGIN(device);
  READ(device, "energy", value);
  *millijoules = value;
  return SUCCESS;
}
