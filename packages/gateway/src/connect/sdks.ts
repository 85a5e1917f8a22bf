import type { Client } from "./client.ts";
import { json, quoted, shell } from "./recipe.ts";

const QUESTION = "Say hello.";

/** The vendors' libraries, and plain HTTP. */
export const sdks: readonly Client[] = [
  {
    id: "curl", name: "curl", homepage: "https://curl.se", dialect: "openai-chat", isLibrary: true,
    byHand: ({ url, key, model }) => [
      { title: "A first call", language: "bash", text: `curl ${shell(`${url}/v1/chat/completions`)} \\\n  -H ${shell(`authorization: Bearer ${key}`)} \\\n  -H 'content-type: application/json' \\\n  -d ${shell(JSON.stringify({ model, messages: [{ role: "user", content: QUESTION }] }))}` },
      { title: "Which models are there", language: "bash", text: `curl ${shell(`${url}/v1/models`)} -H ${shell(`authorization: Bearer ${key}`)}` },
    ],
  },
  {
    id: "openai-python", name: "OpenAI SDK for Python", homepage: "https://github.com/openai/openai-python", dialect: "openai-chat", isLibrary: true,
    byHand: ({ url, key, model }) => [
      { title: "Install", language: "bash", text: "pip install openai" },
      { title: "Chat Completions", language: "python", text: `from openai import OpenAI\n\nclient = OpenAI(base_url=${quoted(`${url}/v1`)}, api_key=${quoted(key)})\nreply = client.chat.completions.create(\n    model=${quoted(model)},\n    messages=[{"role": "user", "content": ${quoted(QUESTION)}}],\n)\nprint(reply.choices[0].message.content)` },
      { title: "Responses", language: "python", text: `reply = client.responses.create(model=${quoted(model)}, input=${quoted(QUESTION)})\nprint(reply.output_text)` },
    ],
  },
  {
    id: "openai-typescript", name: "OpenAI SDK for TypeScript", homepage: "https://github.com/openai/openai-node", dialect: "openai-chat", isLibrary: true,
    byHand: ({ url, key, model }) => [
      { title: "Install", language: "bash", text: "npm install openai" },
      { title: "Chat Completions", language: "typescript", text: `import OpenAI from "openai";\n\nconst client = new OpenAI({ baseURL: ${quoted(`${url}/v1`)}, apiKey: ${quoted(key)} });\nconst reply = await client.chat.completions.create({\n  model: ${quoted(model)},\n  messages: [{ role: "user", content: ${quoted(QUESTION)} }],\n});\nconsole.log(reply.choices[0]?.message.content);` },
      { title: "Responses", language: "typescript", text: `const response = await client.responses.create({ model: ${quoted(model)}, input: ${quoted(QUESTION)} });\nconsole.log(response.output_text);` },
    ],
  },
  {
    id: "anthropic-python", name: "Anthropic SDK for Python", homepage: "https://github.com/anthropics/anthropic-sdk-python", dialect: "anthropic-messages", isLibrary: true,
    byHand: ({ url, key, model }) => [
      { title: "Install", language: "bash", text: "pip install anthropic" },
      { title: "Messages", language: "python", text: `from anthropic import Anthropic\n\nclient = Anthropic(base_url=${quoted(url)}, api_key=${quoted(key)})\nmessage = client.messages.create(\n    model=${quoted(model)},\n    max_tokens=1000,\n    messages=[{"role": "user", "content": ${quoted(QUESTION)}}],\n)\nprint(message.content[0].text)` },
    ],
  },
  {
    id: "anthropic-typescript", name: "Anthropic SDK for TypeScript", homepage: "https://github.com/anthropics/anthropic-sdk-typescript", dialect: "anthropic-messages", isLibrary: true,
    byHand: ({ url, key, model }) => [
      { title: "Install", language: "bash", text: "npm install @anthropic-ai/sdk" },
      { title: "Messages", language: "typescript", text: `import Anthropic from "@anthropic-ai/sdk";\n\nconst client = new Anthropic({ baseURL: ${quoted(url)}, apiKey: ${quoted(key)} });\nconst message = await client.messages.create({\n  model: ${quoted(model)},\n  max_tokens: 1000,\n  messages: [{ role: "user", content: ${quoted(QUESTION)} }],\n});\nconsole.log(message.content);` },
    ],
  },
  {
    id: "google-python", name: "Google Gen AI SDK for Python", homepage: "https://github.com/googleapis/python-genai", dialect: "gemini-generate-content", isLibrary: true,
    byHand: ({ url, key, model }) => [
      { title: "Install", language: "bash", text: "pip install google-genai" },
      { title: "Generate", language: "python", text: `from google import genai\nfrom google.genai import types\n\nclient = genai.Client(api_key=${quoted(key)}, http_options=types.HttpOptions(base_url=${quoted(url)}))\nreply = client.models.generate_content(model=${quoted(model)}, contents=${quoted(QUESTION)})\nprint(reply.text)` },
    ],
  },
  {
    id: "google-typescript", name: "Google Gen AI SDK for TypeScript", homepage: "https://github.com/googleapis/js-genai", dialect: "gemini-generate-content", isLibrary: true,
    byHand: ({ url, key, model }) => [
      { title: "Install", language: "bash", text: "npm install @google/genai" },
      { title: "Generate", language: "typescript", text: `import { GoogleGenAI } from "@google/genai";\n\nconst client = new GoogleGenAI({ apiKey: ${quoted(key)}, httpOptions: { baseUrl: ${quoted(url)} } });\nconst reply = await client.models.generateContent({ model: ${quoted(model)}, contents: ${quoted(QUESTION)} });\nconsole.log(reply.text);` },
    ],
  },
  {
    id: "environment", alsoCalled: ["sdk", "env"], name: "Anything else", dialect: "openai-chat",
    start: {
      environment: ({ url, key }) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: key, ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key }),
    },
    files: [{
      title: "Variables that SDKs read", format: "variables",
      place: { home: ".profile", isProfile: true, project: ".env" },
      puts: ({ url, key }) => [
        { path: ["OPENAI_BASE_URL"], value: `${url}/v1` },
        { path: ["OPENAI_API_KEY"], value: key, isKey: true },
        { path: ["ANTHROPIC_BASE_URL"], value: url },
        { path: ["ANTHROPIC_API_KEY"], value: key },
        { path: ["GOOGLE_GEMINI_BASE_URL"], value: url },
        { path: ["GEMINI_API_KEY"], value: key },
      ],
    }],
    byHand: ({ url, key }) => [
      { title: "OpenAI's variables, which many programs read", language: "bash", text: `export OPENAI_BASE_URL=${shell(`${url}/v1`)}\nexport OPENAI_API_KEY=${shell(key)}` },
      { title: "Base URLs by dialect", language: "json", text: json({ "Chat Completions, Responses": `${url}/v1`, "Anthropic Messages": url, Gemini: url }) },
    ],
  },
];
