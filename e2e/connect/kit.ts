import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connectClient, type ConnectReport, type ConnectWish } from "../../packages/server/src/connect/connect-client.ts";
import { findClient } from "../../packages/server/src/connect/find-client.ts";
import { placesOf } from "../../packages/server/src/connect/places.ts";
import type { Surroundings } from "../../packages/server/src/connect/surroundings.ts";
import type { ConnectTools, Person } from "../../packages/server/src/connect/tools.ts";
import { undo, type UndoReport, type UndoWish } from "../../packages/server/src/connect/undo.ts";

/** A user's home, in which clients are connected without starting the program. */
export interface House {
  readonly around: Surroundings;
  /** What was said to the user. */
  readonly said: string[];
  path(name: string): string;
  write(name: string, content: string, mode?: number): string;
  bytes(name: string): string | undefined;
  mode(name: string): number;
  connect(client: string, wish?: ConnectWish, tools?: Partial<ConnectTools>): Promise<ConnectReport>;
  undo(client: string, wish?: Partial<UndoWish> & { readonly project?: boolean }): UndoReport;
  remove(): void;
}

const NOBODY: Person = { isPerson: false, ask: async () => undefined, askSecret: async () => undefined };

export function makeHouse(environment: Readonly<Record<string, string>> = {}): House {
  const directory = mkdtempSync(join(tmpdir(), "dragoman-connect-"));
  const home = join(directory, "home");
  const project = join(directory, "project");
  for (const each of [home, project]) mkdirSync(each);
  const around: Surroundings = { environment: { SHELL: "/bin/bash", ...environment }, home, project, platform: "linux", data: join(directory, "data") };
  const said: string[] = [];
  const path = (name: string): string => join(home, name);
  return {
    around, said, path,
    write(name, content, mode) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
      if (mode !== undefined) chmodSync(path(name), mode);
      return path(name);
    },
    bytes: (name) => (existsSync(path(name)) ? readFileSync(path(name), "utf8") : undefined),
    mode: (name) => statSync(path(name)).mode & 0o777,
    connect: (client, wish = {}, tools = {}) => connectClient(findClient(client), { yes: true, ...wish }, { around, person: NOBODY, say: (line) => void said.push(line), ...tools }),
    undo(client, { project: isProject = false, ...wish } = {}) {
      const found = findClient(client);
      return undo(found, around, { paths: placesOf(found, around, { project: isProject }).map((each) => each.path), ...wish });
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Answers questions in turn, as somebody at a terminal would. */
export function personWho(answers: readonly string[]): Person & { readonly asked: string[] } {
  const left = [...answers];
  const asked: string[] = [];
  const answer = async (question: string): Promise<string | undefined> => {
    asked.push(question);
    return left.shift();
  };
  return { isPerson: true, asked, ask: answer, askSecret: answer };
}
