#!/bin/sh
# Points Claude Code at a gateway, by questions. Runs in any POSIX shell: sh scripts/claude_proxy.sh
# With dragoman at hand this is `dragoman connect claude-code`; without it, Node alone does the least that is needed.
set -eu
umask 077

say() { printf '%s\n' "$*" >&2; }

# ask QUESTION [DEFAULT]: the answer is in $answer
ask() {
  if [ -n "${2-}" ]; then printf '%s [%s]: ' "$1" "$2" >&2; else printf '%s: ' "$1" >&2; fi
  IFS= read -r answer || { say; say 'No answer: nothing was changed.'; exit 1; }
  [ -n "$answer" ] || answer=${2-}
}

# The same, and what is typed is not shown.
ask_secret() {
  if [ -t 0 ]; then
    saved=$(stty -g)
    trap 'stty "$saved"; exit 130' INT TERM HUP
    stty -echo
    ask "$1"
    stty "$saved"
    trap - INT TERM HUP
    say
  else
    ask "$1"
  fi
}

agrees() {
  ask "$1 (y/n)" n
  case $answer in [Yy]*) return 0 ;; *) return 1 ;; esac
}

needed() { [ -n "$2" ] || { say "Without $1 nothing can be set up. Nothing was changed."; exit 1; }; }

# The first and last four characters, when there are enough of them.
masked() {
  if [ "${#1}" -ge 16 ]; then printf '%s...%s' "$(printf %.4s "$1")" "${1#"${1%????}"}"; else printf '...'; fi
}

say 'Sets up Claude Code for a gateway of yours. Nothing is written before you have agreed.'
ask 'Address of the gateway, such as http://127.0.0.1:8317'
gateway=$answer
needed 'an address' "$gateway"
case $gateway in
  http://* | https://*) ;;
  localhost* | 127.*) gateway=http://$gateway ;;
  *) ask "http or https for $gateway" https; gateway=$answer://$gateway ;;
esac
while [ "${gateway%/}" != "$gateway" ]; do gateway=${gateway%/}; done

ask 'Address of the provider, such as https://api.groq.com/openai/v1; empty for the models of the gateway itself'
upstream=$answer
case $upstream in
  '' | http://* | https://*) ;;
  *) ask "http or https for $upstream" https; upstream=$answer://$upstream ;;
esac

gateway_key=
if [ -n "$upstream" ]; then
  ask_secret "Key for the provider (it is not shown)"
  key=$answer
  ask_secret "Key of the gateway itself, where it wants one (it is not shown)"
  gateway_key=$answer
else
  ask_secret "Key of the gateway (it is not shown)"
  key=$answer
fi
needed 'a key' "$key"
ask 'Model'
model=$answer
needed 'a model' "$model"

say
say "  gateway   $gateway"
[ -z "$upstream" ] || say "  provider  $upstream"
say "  model     $model"
say "  key       $(masked "$key")"
say
agrees 'Set up Claude Code with this?' || { say 'Nothing was changed.'; exit 0; }

if ! command -v claude >/dev/null 2>&1; then
  say 'Claude Code is not installed: npm install --global @anthropic-ai/claude-code'
  if command -v npm >/dev/null 2>&1 && agrees 'Install it now?'; then
    npm install --global @anthropic-ai/claude-code || { say 'The installation failed, see above. Nothing was changed.'; exit 1; }
  fi
fi

# Keys go by variables: what stands on a command line can be read by others on this machine.
export DRAGOMAN_API_KEY="$key" DRAGOMAN_GATEWAY_KEY="$gateway_key"

here=$(cd "$(dirname "$0")" && pwd)
if command -v dragoman >/dev/null 2>&1; then
  exec dragoman connect claude-code --url "$gateway" ${upstream:+--upstream "$upstream"} --model "$model" --yes
elif command -v node >/dev/null 2>&1 && [ -f "$here/../packages/server/bin/dragoman.js" ] && [ -d "$here/../node_modules" ]; then
  exec node "$here/../packages/server/bin/dragoman.js" connect claude-code --url "$gateway" ${upstream:+--upstream "$upstream"} --model "$model" --yes
elif ! command -v node >/dev/null 2>&1; then
  say 'Neither dragoman nor node is installed here. Install Node from https://nodejs.org and run this again.'
  exit 1
fi

GATEWAY=$gateway UPSTREAM=$upstream MODEL=$model exec node - <<'END'
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { GATEWAY, UPSTREAM, MODEL, DRAGOMAN_API_KEY: key, DRAGOMAN_GATEWAY_KEY: gatewayKey } = process.env;
const fail = (text) => { console.error(text); process.exit(1); };

const parsed = UPSTREAM ? new URL(UPSTREAM) : undefined;
const base = parsed ? `${GATEWAY}/${parsed.protocol.slice(0, -1)}/${parsed.host}${parsed.pathname.replace(/\/+$/, "")}/${encodeURIComponent(MODEL)}` : GATEWAY;
const named = path.join(process.env.CLAUDE_CONFIG_DIR || path.join(os.homedir(), ".claude"), "settings.json");
const file = fs.existsSync(named) ? fs.realpathSync(named) : named;

const before = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
let settings = {};
try {
  settings = before === undefined ? {} : JSON.parse(before.replace(/^\uFEFF/, ""));
} catch (error) {
  fail(`${file} is not valid JSON (${error.message}). It was left as it is: mend it and run this again.`);
}
if (typeof settings !== "object" || settings === null || Array.isArray(settings)) fail(`${file} is no JSON object. It was left as it is.`);

// Other keys would be sent along with this one.
const { ANTHROPIC_API_KEY: _key, ...env } = settings.env ?? {};
const { apiKeyHelper: _helper, ...rest } = settings;
Object.assign(env, { ANTHROPIC_BASE_URL: base, ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_MODEL: MODEL, ANTHROPIC_DEFAULT_HAIKU_MODEL: MODEL });
if (gatewayKey) env.ANTHROPIC_CUSTOM_HEADERS = `x-dragoman-key: ${gatewayKey}`;

fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
if (before !== undefined) {
  const backup = `${file}.${new Date().toISOString().replace(/[:.]/g, "-")}.${createHash("sha256").update(before).digest("hex").slice(0, 6)}.backup`;
  fs.writeFileSync(backup, before, { mode: 0o600, flag: "wx" });
  console.error(`What was there before is kept in ${backup}`);
}
const temporary = `${file}.${process.pid}.tmp`;
fs.writeFileSync(temporary, `${JSON.stringify({ ...rest, env }, undefined, 2)}\n`, { mode: 0o600, flush: true });
fs.renameSync(temporary, file);
console.error(`Written: ${file}`);

const CAUSES = {
  ECONNREFUSED: "nothing listens there: is the gateway running, and the port right?",
  ENOTFOUND: "the name is not known: is it spelled right, and is there a network?",
  EAI_AGAIN: "the name is not known: is it spelled right, and is there a network?",
  ETIMEDOUT: "no answer came in time: is a firewall or a proxy in between?",
};
fetch(`${base}/v1/messages`, {
  method: "POST", signal: AbortSignal.timeout(90_000),
  headers: { "content-type": "application/json", authorization: `Bearer ${key}`, "anthropic-version": "2023-06-01", ...(gatewayKey && { "x-dragoman-key": gatewayKey }) },
  body: JSON.stringify({ model: MODEL, max_tokens: 256, messages: [{ role: "user", content: "Answer with one word: hello." }] }),
}).then(async (reply) => {
  const text = await reply.text();
  if (reply.ok) return console.error('It answers. Start it as ever: claude');
  let said = "no reason was given";
  try { said = JSON.parse(text).error?.message ?? said; } catch { said = "and it speaks no JSON: is that the gateway's address?"; }
  fail(`The gateway answers with HTTP ${reply.status}: ${said}`);
}).catch((error) => fail(`${new URL(base).host} cannot be reached: ${CAUSES[error.cause?.code] ?? error.cause?.message ?? error.message}`));
END
