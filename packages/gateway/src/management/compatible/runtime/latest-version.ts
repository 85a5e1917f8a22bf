import { z } from "zod";
import { isJsonObject, type Json } from "@dragoman/core";
import { BASE, defineOperation } from "../../contract/operation.ts";
import { defineDesk, OfficeError, type Desk } from "../../office.ts";
import { readLimited } from "../../../http/read-body.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1_000_000;

const latest = defineOperation({
  tag: "System", auth: "management", id: "latestVersion", method: "GET", path: `${BASE}/latest-version`, summary: "The newest release, from the feed that `update-url` names; nobody is asked without one",
  reply: z.object({ "latest-version": z.string() }), failures: { 502: "there is no feed, or it could not be read" },
});

export const latestVersionDesks: readonly Desk[] = [
  defineDesk(latest, async ({ office }) => {
    const url = office.ports.config.current().config["update-url"] ?? "";
    if (url === "") throw failed("request_failed", "update-url is not configured, so nobody is asked");
    let response: Response;
    try {
      response = await office.engine.ports.fetch(url, { method: "GET", headers: { accept: "application/json", "user-agent": "dragoman" }, signal: AbortSignal.timeout(TIMEOUT_MS), proxyUrl: office.settings().nextProxy() });
    } catch {
      throw failed("request_failed", "the release feed could not be reached");
    }
    if (!response.ok) throw failed("unexpected_status", `the release feed answered with status ${response.status}`);
    const version = versionOf(await readFeed(response));
    if (version === undefined) throw failed("invalid_response", "the release feed names no version");
    return { "latest-version": version };
  }),
];

async function readFeed(response: Response): Promise<Json> {
  try {
    return JSON.parse(await readLimited(response.body, MAX_BYTES)) as Json;
  } catch {
    throw failed("decode_failed", "the release feed is not JSON");
  }
}

/** GitHub's releases say `tag_name`, package registries `version`. */
function versionOf(feed: Json): string | undefined {
  if (!isJsonObject(feed)) return undefined;
  return [feed.tag_name, feed.version, feed.name].find((value) => typeof value === "string" && value.trim() !== "") as string | undefined;
}

const failed = (error: string, message: string): OfficeError => new OfficeError(502, { error, message });
