import { expect, test } from "bun:test";
import type { JsonObject } from "@dragoman/core";
import { Account } from "./account.ts";
import type { AccountFiles } from "./account-files.ts";
import { AccountWriter } from "./account-writer.ts";
import { ACCOUNT_KINDS } from "./kinds/index.ts";

const FILE = "a.json";
const LOGIN: JsonObject = { type: "claude", access_token: "access-one", refresh_token: "refresh-one" };

/** A disk that can be made to refuse. */
function disk(): AccountFiles & { isFull: boolean; text: string } {
  return {
    directory: "/logins",
    isFull: false,
    text: JSON.stringify(LOGIN),
    list: async () => [],
    read(name) {
      return Promise.resolve(name === FILE ? new TextEncoder().encode(this.text) : undefined);
    },
    write(_name, content) {
      if (this.isFull) return Promise.reject(new Error("ENOSPC"));
      this.text = typeof content === "string" ? content : new TextDecoder().decode(content);
      return Promise.resolve();
    },
    remove: async () => false,
  };
}

test("an account goes on in memory when the disk refuses, and is saved when it can be", async () => {
  const kind = ACCOUNT_KINDS.find(({ types }) => types[0] === LOGIN.type);
  if (kind === undefined) throw new Error("no such kind");
  const files = disk();
  const told: string[] = [];
  const writer = new AccountWriter({ files, logger: { log: (_level, event) => void told.push(event) }, changed: () => undefined });
  const account = new Account({ file: FILE, kind, settings: kind.defaults, content: LOGIN });

  files.isFull = true;
  await writer.keep(account, { access_token: "access-two", refresh_token: "refresh-two" });
  await writer.saveAgain();
  expect(account.facts).toMatchObject({ accessToken: "access-two", refreshToken: "refresh-two" });
  expect(JSON.parse(files.text)).toEqual(LOGIN);
  expect(told).toEqual(["account.not-saved"]);

  files.isFull = false;
  files.text = JSON.stringify({ ...LOGIN, note: "written meanwhile" });
  await writer.saveAgain();
  expect(JSON.parse(files.text)).toEqual({ ...LOGIN, note: "written meanwhile", access_token: "access-two", refresh_token: "refresh-two" });
});
