/* Prints the compiler's own sizes and offsets: a test holds src/nvml/nvml-abi.ts against them.
   With -DNVML_HEADER='"nvml.h"' it prints those of NVIDIA's header instead. */
#include <stddef.h>
#include <stdio.h>
#ifdef NVML_HEADER
#include NVML_HEADER
#else
#include "nvml-structs.h"
#endif

#define SIZE(name, type) printf("%s size %zu\n", name, sizeof(type))
#define FIELD(name, type, field) printf("%s " #field " %zu\n", name, offsetof(type, field))

int main(void) {
  SIZE("nvmlUtilization", nvmlUtilization_t);
  FIELD("nvmlUtilization", nvmlUtilization_t, gpu);
  FIELD("nvmlUtilization", nvmlUtilization_t, memory);
  SIZE("nvmlMemory", nvmlMemory_t);
  FIELD("nvmlMemory", nvmlMemory_t, total);
  FIELD("nvmlMemory", nvmlMemory_t, free);
  FIELD("nvmlMemory", nvmlMemory_t, used);
  SIZE("nvmlMemoryV2", nvmlMemory_v2_t);
  FIELD("nvmlMemoryV2", nvmlMemory_v2_t, version);
  FIELD("nvmlMemoryV2", nvmlMemory_v2_t, total);
  FIELD("nvmlMemoryV2", nvmlMemory_v2_t, reserved);
  FIELD("nvmlMemoryV2", nvmlMemory_v2_t, free);
  FIELD("nvmlMemoryV2", nvmlMemory_v2_t, used);
  SIZE("nvmlTemperatureV1", nvmlTemperature_v1_t);
  FIELD("nvmlTemperatureV1", nvmlTemperature_v1_t, version);
  FIELD("nvmlTemperatureV1", nvmlTemperature_v1_t, sensorType);
  FIELD("nvmlTemperatureV1", nvmlTemperature_v1_t, temperature);
  SIZE("nvmlSample", nvmlSample_t);
  FIELD("nvmlSample", nvmlSample_t, timeStamp);
  FIELD("nvmlSample", nvmlSample_t, sampleValue);
  return 0;
}
