import type { Client } from "@dragoman/gateway";
import { columns, cyan, dim, green, yellow } from "../cli/terminal.ts";
import type { ClientState } from "./list-clients.ts";
import type { Undone, UndoReport } from "./undo.ts";

const STATES: Readonly<Record<ClientState["state"], string>> = { connected: green("connected"), changed: yellow("changed since"), "not-connected": "not connected", "by-hand": "by hand" };

export function clientsText(clients: readonly ClientState[]): string {
  return columns(clients.map(({ id, name, program, files, state, url }) => [
    cyan(id), name,
    program !== undefined || files.length > 0 ? green("here") : dim("not found"),
    STATES[state],
    dim([url, ...files].filter((text) => text !== undefined).join("  ")),
  ]));
}

const OUTCOMES: Readonly<Record<Undone["outcome"], string>> = {
  restored: "is as it was before, byte for byte",
  removed: "was made for the connection, and is gone",
  "taken-back": "was changed meanwhile: only what was put into it was taken back (--force brings back the whole file)",
  "nothing-left": "was changed meanwhile: nothing of the connection is in it any more",
  gone: "is not there any more (--force brings it back)",
  unreadable: "cannot be edited",
};

export function undoText({ name }: Client, { files }: UndoReport): string {
  if (files.length === 0) return `${name} is not connected here: there is nothing to take back.`;
  return files.map(({ path, outcome, reason }) => `${path} ${OUTCOMES[outcome]}${reason === undefined ? "" : `: ${reason}`}`).join("\n");
}
