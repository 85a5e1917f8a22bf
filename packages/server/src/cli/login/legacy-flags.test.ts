import { expect, test } from "bun:test";
import { legacyLogin } from "./legacy-flags.ts";

test.each([
  ["--claude-login", "claude"],
  ["--login --project_id my-project --no-browser", "gemini-cli --project my-project --no-browser"],
  ["--login --project_id=ALL", "gemini-cli --project ALL"],
  ["--codex-device-login", "codex --device"],
  ["--iflow-cookie", "iflow --secret"],
  ["--config a.yaml --kimi-login", "--config a.yaml kimi"],
  ["--antigravity-login --oauth-callback-port 9000", "antigravity --oauth-callback-port 9000"],
  ["--vertex-import key.json --vertex-import-prefix team", "vertex --file key.json --set prefix=team"],
  ["--vertex-import=key.json", "vertex --file key.json"],
])("%s is login %s", (flags, login) => {
  expect(legacyLogin(flags.split(" "))).toEqual(login.split(" "));
});

test.each(["--config a.yaml", "--port 9000 --password x", "--project_id my-project"])("%s begins no login", (flags) => {
  expect(legacyLogin(flags.split(" "))).toBeUndefined();
});
