import { expect, test } from "bun:test";
import { parseConfig, type Config } from "@dragoman/gateway";
import { telemetrySettings } from "./telemetry-settings.ts";

const configOf = (telemetry: Record<string, unknown> = {}): Config => {
  const parsed = parseConfig({ telemetry }, {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
};

test("nowhere, unless somebody says where", () => {
  expect(telemetrySettings(configOf(), {})).toBeUndefined();
  expect(telemetrySettings(configOf(), { OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4317" })).toBeUndefined();
});

test("OpenTelemetry's variables: the one for traces is the whole address", () => {
  const general = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/", OTEL_EXPORTER_OTLP_HEADERS: "X-Team=blue, authorization=Bearer%20abc,broken", OTEL_SERVICE_NAME: "house" };
  expect(telemetrySettings(configOf(), general)).toEqual({ url: "http://collector:4318/v1/traces", headers: { "x-team": "blue", authorization: "Bearer abc" }, serviceName: "house", propagate: false });
  expect(telemetrySettings(configOf(), { ...general, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://traces/in" })?.url).toBe("http://traces/in");
  expect(telemetrySettings(configOf(), { ...general, OTEL_SDK_DISABLED: "true" })).toBeUndefined();
});

test("the configuration goes before them", () => {
  const config = configOf({ endpoint: "https://otel.example/base", headers: { key: "secret" }, "service-name": "mine", propagate: true });
  expect(telemetrySettings(config, { OTEL_EXPORTER_OTLP_ENDPOINT: "http://elsewhere", OTEL_SERVICE_NAME: "other" })).toEqual({ url: "https://otel.example/base/v1/traces", headers: { key: "secret" }, serviceName: "mine", propagate: true });
});
