/*
 * A libnvidia-ml.so.1 without a GPU. It answers from the file that lies beside it under its own name with
 * `.scenario` appended, read again at the begin of every round (nvmlInit_v2, nvmlDeviceGetCount_v2) and while a
 * function hangs: whoever replaces the file changes what the GPUs say.
 *
 *   driver = 590.48.01             text, up to the end of the line
 *   count = 2                      GPUs
 *   0.uuid = GPU-…                 a key that is absent answers NOT_SUPPORTED, as a real GPU does
 *   0.name  0.utilization (%)  0.samples (percents)  0.memory_total  0.memory_used  0.memory_reserved (bytes)
 *   0.temperature (°C)  0.power (mW)  0.energy (mJ)  0.power_limit (mW)  0.fan (%)
 *   0.clock.1 = 1755               MHz by type; 0.ecc.0 and 0.ecc.1: corrected and uncorrected errors
 *   0.field.82 = 52                a field value by its id
 *   0.gpm.2 = 61.5                 a GPM metric by its id, in percent; needs 0.gpm_supported = 1
 *   0.processes = 4242:1024 77:-   pid and bytes; - is "not available"
 *   0.mig.0.uuid = MIG-…           a MIG instance, whose readings have the same names behind 0.mig.0
 *   xids = 0:79 1:31               errors since the library was loaded, by GPU; each is delivered once
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
#include <sys/stat.h>
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
  TIMEOUT = 10,
  ARGUMENT_VERSION_MISMATCH = 25,
};

#define MAX_DEVICES 64
#define MAX_INSTANCES 8

/* A GPU, or a MIG instance of one; `prefix` is what its keys begin with. */
typedef struct {
  unsigned int index;
  unsigned int instance;
  char prefix[32];
} Device;

static Device devices[MAX_DEVICES];
static Device instances[MAX_DEVICES][MAX_INSTANCES];
static int starts;

/* The scenario as it was when it was last read: a hash table of copies. */
#define SLOTS 8192
static struct {
  char *key, *value;
} slots[SLOTS];

/* Whether any function has a fault: without one a call is to cost no more than a driver's own. */
static int has_faults;

static size_t slot_of(const char *key) {
  unsigned long long hash = 14695981039346656037ull;
  for (const char *at = key; *at; at++) hash = (hash ^ (unsigned char)*at) * 1099511628211ull;
  size_t slot = hash % SLOTS;
  while (slots[slot].key && strcmp(slots[slot].key, key) != 0) slot = (slot + 1) % SLOTS;
  return slot;
}

static void path_beside(char *path, size_t size, const char *suffix) {
  Dl_info self;
  dladdr((void *)&path_beside, &self);
  snprintf(path, size, "%s.%s", self.dli_fname, suffix);
}

/* A round begins with nvmlInit_v2 or nvmlDeviceGetCount_v2: then the scenario is read again, if it is another. */
static void reload(void) {
  static struct timespec seen_at;
  static ino_t seen_inode;
  char path[4096], line[8192];
  struct stat status;
  path_beside(path, sizeof path, "scenario");
  FILE *file = fopen(path, "r");
  if (!file) return;
  if (fstat(fileno(file), &status) != 0 ||
      (status.st_ino == seen_inode && memcmp(&status.st_mtim, &seen_at, sizeof seen_at) == 0)) {
    fclose(file);
    return;
  }
  seen_inode = status.st_ino;
  seen_at = status.st_mtim;
  for (size_t i = 0; i < SLOTS; i++) {
    free(slots[i].key);
    free(slots[i].value);
    slots[i].key = slots[i].value = NULL;
  }
  has_faults = 0;
  for (int n = 0; n < SLOTS / 2 && fgets(line, sizeof line, file);) {
    char *equals = strchr(line, '=');
    if (!equals) continue;
    char *end = equals;
    while (end > line && end[-1] == ' ') end--;
    *end = 0;
    char *text = equals + 1 + strspn(equals + 1, " ");
    text[strcspn(text, "\r\n")] = 0;
    size_t slot = slot_of(line);
    if (slots[slot].key) continue; /* the first one counts */
    slots[slot].key = strdup(line);
    slots[slot].value = strdup(text);
    has_faults |= strstr(line, "hang.") || strstr(line, "crash.") || strstr(line, "fail.");
    n++;
  }
  fclose(file);
}

/* The key of a device's reading. Not by snprintf, which takes ten times as long. */
static const char *key_of(char key[128], const Device *device, const char *name) {
  stpcpy(stpcpy(stpcpy(key, device->prefix), "."), name);
  return key;
}

/* The value of a key, copied. */
static int lookup(const char *key, char *value, size_t size) {
  size_t slot = slot_of(key);
  if (!slots[slot].key) return 0;
  snprintf(value, size, "%s", slots[slot].value);
  return 1;
}

static int lookup_number(const char *key, unsigned long long *value) {
  size_t slot = slot_of(key);
  if (!slots[slot].key) return 0;
  *value = strtoull(slots[slot].value, NULL, 10);
  return 1;
}

static int reading(const Device *device, const char *name, unsigned long long *value) {
  char key[128];
  return lookup_number(key_of(key, device, name), value);
}

static void hang(const char *key) {
  char path[4096];
  unsigned long long ignored;
  path_beside(path, sizeof path, "hanging");
  FILE *file = fopen(path, "w");
  if (file) {
    fprintf(file, "%d", (int)getpid());
    fclose(file);
  }
  for (; lookup_number(key, &ignored); reload()) usleep(5000);
  remove(path);
}

/* What the scenario has in store for this call: SUCCESS means go on. */
static int fault(const char *function, const Device *device) {
  if (!has_faults) return SUCCESS;
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
    snprintf(key, sizeof key, "%s.fail.*", device->prefix);
    if (lookup_number(key, &code)) return (int)code;
    snprintf(key, sizeof key, "%s.fail.%s", device->prefix, function);
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
  reload();
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
  reload();
  BEGIN(NULL);
  unsigned long long value = 0;
  lookup_number("count", &value);
  *count = (unsigned int)value;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned int index, Device **handle) {
  if (index >= MAX_DEVICES) return INVALID_ARGUMENT;
  Device *device = &devices[index];
  device->index = index;
  if (!device->prefix[0]) snprintf(device->prefix, sizeof device->prefix, "%u", index);
  BEGIN(device);
  *handle = device;
  return SUCCESS;
}

static int text_of(const Device *device, const char *name, char *text, unsigned int length) {
  char key[128];
  return lookup(key_of(key, device, name), text, length) ? SUCCESS : NOT_SUPPORTED;
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
  if (type != 1 || !lookup(key_of(key, device, "samples"), list, sizeof list)) return NOT_SUPPORTED;
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

static int reading_of(const Device *device, const char *kind, unsigned int id, unsigned long long *value) {
  char name[64], digits[16], *first = digits + sizeof digits;
  *--first = 0;
  do *--first = (char)('0' + id % 10);
  while (id /= 10);
  stpcpy(stpcpy(stpcpy(name, kind), "."), first);
  return reading(device, name, value);
}

EXPORT int nvmlDeviceGetClockInfo(Device *device, unsigned int type, unsigned int *megahertz) {
  BEGIN(device);
  unsigned long long value;
  if (!reading_of(device, "clock", type, &value)) return NOT_SUPPORTED;
  *megahertz = (unsigned int)value;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetEnforcedPowerLimit(Device *device, unsigned int *milliwatts) {
  BEGIN(device);
  READ(device, "power_limit", value);
  *milliwatts = (unsigned int)value;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetFanSpeed(Device *device, unsigned int *percent) {
  BEGIN(device);
  READ(device, "fan", value);
  *percent = (unsigned int)value;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetTotalEccErrors(Device *device, unsigned int type, unsigned int counter,
                                       unsigned long long *count) {
  BEGIN(device);
  if (counter != 1) return INVALID_ARGUMENT; /* the volatile ones are not asked for */
  return reading_of(device, "ecc", type, count) ? SUCCESS : NOT_SUPPORTED;
}

/* Succeeds as a whole while single values fail, as the real one does. */
EXPORT int nvmlDeviceGetFieldValues(Device *device, unsigned int count, nvmlFieldValue_t *values) {
  BEGIN(device);
  for (unsigned int i = 0; i < count; i++) {
    nvmlFieldValue_t *field = &values[i];
    unsigned long long value;
    int found = reading_of(device, "field", field->fieldId, &value);
    field->nvmlReturn = found ? SUCCESS : NOT_SUPPORTED;
    if (!found) continue;
    field->valueType = value <= 0xffffffffull ? 1 : 3;
    if (field->valueType == 1)
      field->value.uiVal = (unsigned int)value;
    else
      field->value.ullVal = value;
  }
  return SUCCESS;
}

/* Records of 24 bytes: this driver knows nvmlDeviceGetRunningProcessDetailList. */
EXPORT int nvmlDeviceGetComputeRunningProcesses_v3(Device *device, unsigned int *count, nvmlProcessInfo_t *infos) {
  BEGIN(device);
  char key[128], list[8192];
  unsigned int n = 0, room = *count;
  if (lookup(key_of(key, device, "processes"), list, sizeof list)) {
    for (char *word = strtok(list, " "); word; word = strtok(NULL, " "), n++) {
      if (n >= room) continue;
      char *bytes = strchr(word, ':');
      memset(&infos[n], 0xff, sizeof infos[n]);
      infos[n].pid = (unsigned int)strtoul(word, NULL, 10);
      infos[n].usedGpuMemory = bytes && bytes[1] != '-' ? strtoull(bytes + 1, NULL, 10) : ~0ull;
    }
  }
  *count = n;
  return n > room ? INSUFFICIENT_SIZE : SUCCESS;
}

EXPORT int nvmlDeviceGetRunningProcessDetailList(Device *device, void *list) {
  BEGIN(device);
  (void)list;
  return NOT_SUPPORTED;
}

EXPORT int nvmlDeviceGetMigMode(Device *device, unsigned int *current, unsigned int *pending) {
  BEGIN(device);
  READ(device, "mig", mode);
  *current = *pending = (unsigned int)mode;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetMaxMigDeviceCount(Device *device, unsigned int *count) {
  BEGIN(device);
  *count = MAX_INSTANCES - 1;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetMigDeviceHandleByIndex(Device *device, unsigned int index, Device **handle) {
  BEGIN(device);
  if (index >= MAX_INSTANCES) return INVALID_ARGUMENT;
  Device *instance = &instances[device->index][index];
  instance->index = device->index;
  instance->instance = index;
  snprintf(instance->prefix, sizeof instance->prefix, "%u.mig.%u", device->index, index);
  char ignored[96];
  if (text_of(instance, "uuid", ignored, sizeof ignored) != SUCCESS) return NOT_FOUND;
  *handle = instance;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetGpuInstanceId(Device *device, unsigned int *id) {
  BEGIN(device);
  *id = device->instance;
  return SUCCESS;
}

#if FAKE_DRIVER_BRANCH >= 520
/* A sample remembers whom it was taken from; what it measured is what the scenario says at the comparison. */
typedef struct {
  const Device *device;
} Sample;

EXPORT int nvmlGpmQueryDeviceSupport(Device *device, nvmlGpmSupport_t *support) {
  BEGIN(device);
  if (support->version != 1) return ARGUMENT_VERSION_MISMATCH;
  unsigned long long supported = 0;
  reading(device, "gpm_supported", &supported);
  support->isSupportedDevice = (unsigned int)supported;
  return SUCCESS;
}

EXPORT int nvmlGpmSampleAlloc(Sample **sample) {
  BEGIN(NULL);
  *sample = calloc(1, sizeof **sample);
  return SUCCESS;
}

EXPORT int nvmlGpmSampleFree(Sample *sample) {
  BEGIN(NULL);
  free(sample);
  return SUCCESS;
}

EXPORT int nvmlGpmSampleGet(Device *device, Sample *sample) {
  BEGIN(device);
  sample->device = device;
  return SUCCESS;
}

EXPORT int nvmlGpmMigSampleGet(Device *device, unsigned int instance, Sample *sample) {
  BEGIN(device);
  if (instance >= MAX_INSTANCES) return INVALID_ARGUMENT;
  sample->device = &instances[device->index][instance];
  return SUCCESS;
}

EXPORT int nvmlGpmMetricsGet(nvmlGpmMetricsGet_t *get) {
  BEGIN(NULL);
  if (get->version != 1) return ARGUMENT_VERSION_MISMATCH;
  const Sample *first = get->sample1, *second = get->sample2;
  if (!first->device || first->device != second->device) return INVALID_ARGUMENT;
  for (unsigned int i = 0; i < get->numMetrics; i++) {
    char key[128], value[64];
    snprintf(key, sizeof key, "%s.gpm.%u", first->device->prefix, get->metrics[i].metricId);
    int found = lookup(key, value, sizeof value);
    get->metrics[i].nvmlReturn = found ? SUCCESS : NOT_SUPPORTED;
    if (found) get->metrics[i].value = strtod(value, NULL);
  }
  return SUCCESS;
}
#endif

/* What an event set has delivered so far. One is enough: the helper makes one. */
typedef struct {
  unsigned int delivered;
} EventSet;

EXPORT int nvmlEventSetCreate(EventSet **set) {
  BEGIN(NULL);
  *set = calloc(1, sizeof **set);
  return SUCCESS;
}

EXPORT int nvmlEventSetFree(EventSet *set) {
  BEGIN(NULL);
  free(set);
  return SUCCESS;
}

EXPORT int nvmlDeviceRegisterEvents(Device *device, unsigned long long types, EventSet *set) {
  BEGIN(device);
  return types == 8 && set ? SUCCESS : INVALID_ARGUMENT;
}

EXPORT int nvmlEventSetWait_v2(EventSet *set, nvmlEventData_t *data, unsigned int timeout) {
  BEGIN(NULL);
  char list[8192];
  unsigned int n = 0;
  if (lookup("xids", list, sizeof list)) {
    for (char *word = strtok(list, " "); word; word = strtok(NULL, " "), n++) {
      if (n < set->delivered) continue;
      char *code = strchr(word, ':');
      memset(data, 0, sizeof *data);
      data->device = &devices[strtoul(word, NULL, 10) % MAX_DEVICES];
      data->eventType = 8;
      data->eventData = code ? strtoull(code + 1, NULL, 10) : 0;
      set->delivered++;
      return SUCCESS;
    }
  }
  if (timeout) usleep(timeout * 1000); /* even usleep(0) gives the processor away */
  return TIMEOUT;
}
