import { z } from "zod";
import { flag, limit, live } from "./fields.ts";

/** What is written down. */
export const loggingShape = {
  debug: flag(false).meta(live("Log at debug level.")),
  "logging-to-file": flag(false).meta(live("Write rotating files under `logs/` instead of standard output.")),
  "logs-max-total-size-mb": limit(0).meta(live("Cap for all log files together, those of single requests too, in MB; the oldest go first. 0: no cap.")),
  "request-log": flag(false).meta(live("Write each request and its reply, bodies included, to a file of its own.")),
  "error-logs": flag(false).meta(live("Write each request that fails, bodies included, to a file of its own, while `request-log` is off. CLIProxyAPI does so always; here nobody's words are kept unless somebody says so.")),
  "error-logs-max-files": limit(10).meta(live("How many logs of failed requests are kept. 0: all.")),
  "commercial-mode": flag(false).meta(live("Write no logs of single requests, whatever the switches above say.")),
  "usage-statistics-enabled": flag(true).meta(live("Keep statistics of requests and tokens. Off: only attempts with stored keys are recorded, as their limits need it.")),
  "redis-usage-queue-retention-seconds": z.int().min(0).max(3600).default(60).meta(live("How long `/v0/management/usage-queue` keeps an attempt that nobody fetches.")),
};
