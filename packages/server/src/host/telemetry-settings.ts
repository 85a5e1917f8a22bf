import type { Config, TelemetrySettings } from "@dragoman/gateway";

type Environment = Readonly<Record<string, string | undefined>>;

const TRACES_PATH = "/v1/traces";

/**
 * Where traces go: as the configuration says, else as OpenTelemetry's variables say (opentelemetry.io/docs/specs/otel/protocol/exporter,
 * read 2026-11). `undefined`: nowhere.
 */
export function telemetrySettings({ telemetry }: Pick<Config, "telemetry">, environment: Environment): TelemetrySettings | undefined {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === "true" && telemetry.endpoint === "") return undefined;
  const url = telemetry.endpoint === "" ? urlOf(environment) : atTraces(telemetry.endpoint);
  if (url === undefined) return undefined;
  const given = Object.keys(telemetry.headers).length > 0 ? telemetry.headers : parseHeaders(environment.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? environment.OTEL_EXPORTER_OTLP_HEADERS ?? "");
  return { url, headers: given, serviceName: telemetry["service-name"] || environment.OTEL_SERVICE_NAME || "dragoman", propagate: telemetry.propagate };
}

/** The variable for traces is the whole address, the general one only its beginning. */
function urlOf(environment: Environment): string | undefined {
  const traces = environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? "";
  const general = environment.OTEL_EXPORTER_OTLP_ENDPOINT ?? "";
  const url = traces !== "" ? traces : general !== "" ? atTraces(general) : undefined;
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined;
}

function atTraces(endpoint: string): string {
  const plain = endpoint.replace(/\/+$/, "");
  return plain.endsWith(TRACES_PATH) ? plain : plain + TRACES_PATH;
}

/** `name=value,name=value`, percent-encoded. */
function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    if (equals <= 0) continue;
    headers[part.slice(0, equals).trim().toLowerCase()] = decoded(part.slice(equals + 1).trim());
  }
  return headers;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
