import type { Config } from "../config/index.ts";
import { UsageQueue } from "../management/compatible/usage/queue.ts";
import type { Clock } from "../ports.ts";
import type { CallObserver } from "./call-observer.ts";
import type { CaptureSettings } from "./live/capture-shelf.ts";
import { LiveMonitor } from "./live/monitor.ts";
import { GatewayMetrics } from "./metrics/gateway-metrics.ts";
import { RecentRequests } from "./recent-requests.ts";

/** Everybody who watches requests on behalf of the office. Where there is no office nobody would look at what they saw. */
export interface Watchers {
  readonly recent: RecentRequests;
  readonly monitor: LiveMonitor;
  readonly metrics: GatewayMetrics;
  readonly usageQueue: UsageQueue;
}

export function createWatchers(config: Config, clock: Clock): Watchers {
  return { recent: new RecentRequests(clock), monitor: new LiveMonitor(clock, captureSettings(config)), metrics: new GatewayMetrics(metricsSettings(config)), usageQueue: new UsageQueue(clock) };
}

export function observersOf({ recent, monitor, metrics, usageQueue }: Watchers): readonly CallObserver[] {
  return [monitor, metrics, recent, usageQueue];
}

/** A new configuration. */
export function configureWatchers({ monitor, metrics }: Watchers, config: Config): void {
  monitor.capture.configure(captureSettings(config));
  metrics.configure(metricsSettings(config));
}

function captureSettings({ capture }: Config): CaptureSettings {
  return { enabled: capture.enabled, maxBytes: capture["max-bytes"], maxRequests: capture["max-requests"] };
}

function metricsSettings({ metrics }: Config): { readonly maxModels: number } {
  return { maxModels: metrics["max-models"] };
}
