import { existsSync } from "node:fs";
import { CLIENTS, valueAt, type Client } from "@dragoman/gateway";
import { findCommand } from "./find-command.ts";
import { FORMATS } from "./formats/index.ts";
import { History, type ChangedFile } from "./history.ts";
import { placesOf } from "./places.ts";
import type { Surroundings } from "./surroundings.ts";
import { digestOf, readTextFile } from "./text-file.ts";

/** A client and how it stands to us. */
export interface ClientState {
  readonly id: string;
  readonly name: string;
  /** Its program; absent: there is none, or it is not found. */
  readonly program?: string;
  /** Settings files that are there. */
  readonly files: readonly string[];
  /** `by-hand`: its settings cannot be written. `changed`: it was connected, and somebody has changed that since. */
  readonly state: "connected" | "changed" | "not-connected" | "by-hand";
  /** The gateway that it goes to. */
  readonly url?: string;
}

/** Every client that can be connected or told how to be. */
export function listClients(around: Surroundings): readonly ClientState[] {
  return CLIENTS.filter(({ isLibrary }) => isLibrary !== true).map((client) => stateOf(client, around));
}

function stateOf(client: Client, around: Surroundings): ClientState {
  const program = client.start?.command === undefined ? undefined : findCommand(client.start.command, around);
  const last = new History(around.data, client.id).list().findLast(({ undoneAt }) => undoneAt === undefined);
  const places = placesOf(client, around);
  return {
    id: client.id, name: client.name,
    ...(program !== undefined && { program }),
    files: places.map(({ path }) => path).filter((path) => existsSync(path)),
    state: places.length === 0 ? "by-hand" : last === undefined ? "not-connected" : last.files.every(holds) ? "connected" : "changed",
    ...(last !== undefined && { url: last.url }),
  };
}

/** Whether a file still says what was put into it. */
function holds({ path, format, puts }: ChangedFile): boolean {
  try {
    const tree = FORMATS[format].read(readTextFile(path).text);
    return puts.every(({ path: place, digest }) => {
      const value = valueAt(tree, place);
      return (value === undefined ? undefined : digestOf(JSON.stringify(value))) === digest;
    });
  } catch {
    return false;
  }
}
