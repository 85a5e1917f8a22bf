import { expect } from "bun:test";

/** Bodies of errors among the recordings, with the status that they came with. */
export const ERROR_BODIES: Readonly<Record<string, { readonly status: number; readonly message: string }>> = {
  "google/google-429-retry-info": { status: 429, message: "You exceeded your current quota" },
  "openai-chat/reasoning-model-legacy-parameter-error": { status: 400, message: "Unsupported parameter: 'max_tokens'" },
  "openai-responses/reasoning-model-temperature-error": { status: 400, message: "Unsupported parameter: 'temperature'" },
};

/** Files that no provider can have sent, with the reason. */
export const NO_TRAFFIC: Readonly<Record<string, string>> = {
  "openai-responses/parallel-tool-call-wrapper.1": "its first and last event lack a closing brace: written by hand",
};

/** Where something else is heard than the recording's own SDK says, and why that is right. */
export interface RecordingException {
  readonly recording: string;
  /** Both when absent. */
  readonly streamed?: boolean;
  /** All when absent. */
  readonly clients?: readonly string[];
  /** The recording's own SDK cannot read it; only `facts` are compared. */
  readonly unreadable?: boolean;
  /** What is heard instead, as `comparable` names it. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

const OTHERS_THAN_RESPONSES = ["openai-chat", "anthropic-messages", "gemini-generate-content"];
const OTHERS_THAN_CHAT = ["openai-responses", "anthropic-messages", "gemini-generate-content"];

const WEATHER = [{ name: "weather", arguments: { location: "San Francisco" } }];
const shell = (...commands: readonly string[]): unknown => commands.map((command) => ({ name: "shell", arguments: { commands: [command], max_output_length: null, timeout_ms: null } }));
const SKILLS = "/home/oai/skills/island-rescue-ab6238cd308ce72a5ae69fd3ba1e3aeb";

const AS_A_CALL = "an item of Responses alone, which reaches other clients as a call of the same name";
const JSON_ONLY = "calls of the other dialects take objects only, so that free text stands under `input`";
const BEYOND_THE_SDK = "the official SDK does not know this provider's form";
const APART = "xAI counts thoughts beside the output, all others as a part of it; its total says so";

export const EXCEPTIONS: readonly RecordingException[] = [
  { recording: "openai-responses/openai-apply-patch-tool-delete.1", clients: OTHERS_THAN_RESPONSES, facts: { calls: [{ name: "apply_patch", arguments: { type: "delete_file", path: "obsolete.txt" } }], finish: "tools" }, reason: AS_A_CALL },
  { recording: "openai-responses/openai-shell-container.1", streamed: false, clients: OTHERS_THAN_RESPONSES, facts: { calls: shell("echo 'Hello from container!' && uname -a"), finish: "tools" }, reason: AS_A_CALL },
  { recording: "openai-responses/openai-shell-container.1", streamed: true, clients: OTHERS_THAN_RESPONSES, unreadable: true, facts: { text: "The command ran successfully.", calls: shell("echo 'Hello from container!' && uname -a"), finish: "tools", "usage.input": 200, "usage.output": 120 }, reason: AS_A_CALL },
  { recording: "openai-responses/openai-shell-skills.1", streamed: false, clients: OTHERS_THAN_RESPONSES, facts: { calls: shell(`ls -R ${SKILLS}`, `sed -n '1,200p' ${SKILLS}/SKILL.md`), finish: "tools" }, reason: AS_A_CALL },
  { recording: "openai-responses/openai-shell-skills.1", streamed: true, clients: OTHERS_THAN_RESPONSES, unreadable: true, facts: { text: expect.stringMatching(/^Build a STOP large signal STOP/), calls: shell(`ls -R ${SKILLS}`, `sed -n '1,200p' ${SKILLS}/SKILL.md`), finish: "tools" }, reason: AS_A_CALL },
  { recording: "openai-responses/openai-custom-tool.1", clients: OTHERS_THAN_RESPONSES, facts: { calls: [{ name: "write_sql", arguments: { input: "SELECT * FROM users WHERE age > 25" } }] }, reason: JSON_ONLY },
  {
    recording: "xai-responses/xai-x-search-tool", clients: OTHERS_THAN_RESPONSES,
    facts: { calls: [
      { name: "x_keyword_search", arguments: { input: '{"query":"from:xai filter:media","limit":20,"mode":"Latest"}' } },
      { name: "view_x_video", arguments: { input: '{"video_url":"https://video.twimg.com/amplify_video/1991284765027364866/vid/avc1/468x270/kRkbodV96jk4PmbG.mp4"}' } },
    ] },
    reason: JSON_ONLY,
  },
  { recording: "xai/xai-tool-call", streamed: true, clients: OTHERS_THAN_CHAT, facts: { "usage.output": 222 }, reason: APART },
  { recording: "xai/xai-tool-call", streamed: false, clients: OTHERS_THAN_CHAT, facts: { "usage.output": 215 }, reason: APART },
  { recording: "openai-compatible-chat/xai-text", streamed: true, clients: OTHERS_THAN_CHAT, facts: { "usage.output": 342 }, reason: APART },
  { recording: "openai-compatible-chat/xai-text", streamed: false, clients: OTHERS_THAN_CHAT, facts: { "usage.output": 322 }, reason: APART },
  { recording: "google/google-stream-tool-call-arguments", clients: ["openai-chat", "openai-responses", "anthropic-messages"], facts: { calls: [{ name: "getWeather", arguments: { location: "Boston" } }, { name: "getWeather", arguments: { location: "San Francisco" } }] }, reason: `${BEYOND_THE_SDK}: it does not put arguments together that come in pieces` },
  { recording: "mistral/mistral-reasoning", clients: OTHERS_THAN_CHAT, facts: { text: "2 + 2 = 4", reasoning: "The user is asking for 2+2. This is basic arithmetic. 2+2=4." }, reason: `${BEYOND_THE_SDK}: the content is a list with thoughts in it` },
  { recording: "mistral/mistral-tool-call", streamed: true, clients: OTHERS_THAN_CHAT, facts: { calls: WEATHER }, reason: `${BEYOND_THE_SDK}: calls without a type` },
  { recording: "mistral/mistral-tool-call", streamed: false, clients: OTHERS_THAN_CHAT, unreadable: true, facts: { calls: WEATHER, finish: "tools", "usage.input": 124, "usage.output": 22 }, reason: `${BEYOND_THE_SDK}: calls without a type` },
  { recording: "groq/groq-reasoning", streamed: true, clients: OTHERS_THAN_CHAT, facts: { reasoning: expect.stringMatching(/^\n?Okay, let me try to figure out how many times the letter 'r'/) }, reason: `${BEYOND_THE_SDK}: thoughts under \`reasoning\`` },
  { recording: "groq/groq-reasoning", streamed: false, clients: OTHERS_THAN_CHAT, facts: { reasoning: expect.stringMatching(/^\n?Okay, so the user is asking how many times the letter "r"/) }, reason: `${BEYOND_THE_SDK}: thoughts under \`reasoning\`` },
  { recording: "anthropic/anthropic-programmatic-tool-calling.1", streamed: false, clients: ["openai-chat", "openai-responses", "gemini-generate-content"], facts: { finish: "tools" }, reason: "several turns in one body, whose calls the other dialects know as the end of a turn" },
  { recording: "anthropic/anthropic-refusal-no-details", clients: ["openai-responses"], facts: { text: "The model refused to answer." }, reason: "Responses has no other way to tell a refusal than in words" },
  { recording: "anthropic/duplicate-message-start", unreadable: true, clients: ["openai-chat", "openai-responses", "gemini-generate-content"], facts: { text: "Hello, World!", finish: "end", "usage.input": 17, "usage.output": 227 }, reason: "the official SDK throws at a second message_start" },
];

export function exceptionFor(recording: string, streamed: boolean, client: string): RecordingException | undefined {
  return EXCEPTIONS.find((each) => each.recording === recording && (each.streamed ?? streamed) === streamed && (each.clients?.includes(client) ?? true));
}

/** Passing bytes to a client whose own SDK cannot read them proves nothing. */
export function isReadable(recording: string, streamed: boolean, client: string, dialect: string): boolean {
  return client !== dialect || !EXCEPTIONS.some((each) => each.recording === recording && (each.streamed ?? streamed) === streamed && each.unreadable === true);
}
