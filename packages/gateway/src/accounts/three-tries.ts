import { isAccountError } from "./account-error.ts";
import type { VendorCalls } from "./vendor-calls.ts";

const PAUSES_MS = [1000, 2000];

/**
 * Asks a vendor up to three times, while it answers 5xx or not at all. A vendor that names a time to wait (429) is not
 * asked again now.
 * @throws AccountError of the last try
 */
export async function threeTimes<T>(calls: Pick<VendorCalls, "pause">, ask: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!isAccountError(error) || error.reason !== "unavailable" || error.retryAfterMs !== undefined) throw error;
      await calls.pause(pauseMs);
    }
  }
  return ask();
}
