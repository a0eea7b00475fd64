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
  SIZE("nvmlFieldValue", nvmlFieldValue_t);
  FIELD("nvmlFieldValue", nvmlFieldValue_t, fieldId);
  FIELD("nvmlFieldValue", nvmlFieldValue_t, valueType);
  FIELD("nvmlFieldValue", nvmlFieldValue_t, nvmlReturn);
  FIELD("nvmlFieldValue", nvmlFieldValue_t, value);
  SIZE("nvmlProcessInfo", nvmlProcessInfo_t);
  FIELD("nvmlProcessInfo", nvmlProcessInfo_t, pid);
  FIELD("nvmlProcessInfo", nvmlProcessInfo_t, usedGpuMemory);
  SIZE("nvmlEventData", nvmlEventData_t);
  FIELD("nvmlEventData", nvmlEventData_t, device);
  FIELD("nvmlEventData", nvmlEventData_t, eventType);
  FIELD("nvmlEventData", nvmlEventData_t, eventData);
  SIZE("nvmlGpmSupport", nvmlGpmSupport_t);
  FIELD("nvmlGpmSupport", nvmlGpmSupport_t, version);
  FIELD("nvmlGpmSupport", nvmlGpmSupport_t, isSupportedDevice);
  SIZE("nvmlGpmMetric", nvmlGpmMetric_t);
  FIELD("nvmlGpmMetric", nvmlGpmMetric_t, metricId);
  FIELD("nvmlGpmMetric", nvmlGpmMetric_t, nvmlReturn);
  FIELD("nvmlGpmMetric", nvmlGpmMetric_t, value);
  /* Up to its metrics: their number is ours to choose. */
  printf("nvmlGpmMetricsGet size %zu\n", offsetof(nvmlGpmMetricsGet_t, metrics));
  FIELD("nvmlGpmMetricsGet", nvmlGpmMetricsGet_t, version);
  FIELD("nvmlGpmMetricsGet", nvmlGpmMetricsGet_t, numMetrics);
  FIELD("nvmlGpmMetricsGet", nvmlGpmMetricsGet_t, sample1);
  FIELD("nvmlGpmMetricsGet", nvmlGpmMetricsGet_t, sample2);
  return 0;
}
