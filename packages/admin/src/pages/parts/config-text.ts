import { ApiError } from "../../api/api-error.ts";
import { request } from "../../api/client.ts";

const ADDRESS = "/v0/management/config.yaml";

/** The configuration file as it is; `undefined` where there is none. */
export async function readConfigText(signal?: AbortSignal): Promise<string | undefined> {
  try {
    const response = await request("GET", ADDRESS, signal === undefined ? {} : { signal });
    return await response.text();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

export async function writeConfigText(content: string): Promise<void> {
  await request("PUT", ADDRESS, { text: { content, type: "application/yaml" } });
}
