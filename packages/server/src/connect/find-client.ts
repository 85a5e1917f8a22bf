import { CLIENTS, type Client } from "@dragoman/gateway";
import { UsageError } from "../cli/command.ts";
import { nearest } from "../cli/nearest.ts";

/** The client that somebody means. @throws UsageError with the nearest name */
export function findClient(word: string): Client {
  const wanted = word.toLowerCase();
  const found = CLIENTS.find(({ id, alsoCalled = [], name }) => id === wanted || alsoCalled.includes(wanted) || name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const close = nearest(wanted, CLIENTS.flatMap(({ id, alsoCalled = [] }) => [id, ...alsoCalled]));
  throw new UsageError(`there is no client "${word}"${close === undefined ? "" : `; did you mean "${close}"?`} Run "dragoman connect --list".`);
}
