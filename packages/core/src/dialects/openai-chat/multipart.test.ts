import { describe, expect, test } from "bun:test";
import { attachFiles } from "./multipart.ts";

const png = { name: "a.png", mimeType: "image/png", base64: "AAAA" };
const txt = { name: "a.txt", mimeType: "text/plain", text: "T" };

describe("attached files", () => {
  test("#190 an image and a text go behind what the last user message says", () => {
    const body = attachFiles({ model: "m", messages: [{ role: "user", content: "first" }, { role: "assistant", content: "ok" }, { role: "user", name: "ann", content: "see" }, { role: "assistant", content: "hm" }] }, [png, txt]);
    expect(body.messages).toEqual([
      { role: "user", content: "first" },
      { role: "assistant", content: "ok" },
      { role: "user", name: "ann", content: [{ type: "text", text: "see" }, { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }, { type: "text", text: "File: a.txt (text/plain)\n```\nT\n```" }] },
      { role: "assistant", content: "hm" },
    ]);
  });

  test("without a user message they are one", () => {
    expect(attachFiles({ messages: [{ role: "system", content: "S" }] }, [txt]).messages).toEqual([{ role: "system", content: "S" }, { role: "user", content: [{ type: "text", text: "File: a.txt (text/plain)\n```\nT\n```" }] }]);
    expect(attachFiles({}, [txt]).messages).toHaveLength(1);
  });

  test("a list of parts grows; audio, documents and anything else", () => {
    const content = [{ type: "text", text: "x" }];
    const files = [{ name: "a.wav", mimeType: "audio/wav", base64: "UklG" }, { name: "a.pdf", mimeType: "application/pdf", base64: "JVBE" }, { name: "a.bin", mimeType: "application/octet-stream", base64: "AA==" }];
    expect(attachFiles({ messages: [{ role: "user", content }] }, files).messages).toEqual([{
      role: "user",
      content: [
        { type: "text", text: "x" },
        { type: "input_audio", input_audio: { data: "UklG", format: "wav" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
        { type: "file", file: { filename: "a.bin", file_data: "data:application/octet-stream;base64,AA==" } },
      ],
    }]);
  });

  test.each([
    ["job.py", "x\n", "```python\nx\n```"], ["src/Dockerfile", "FROM a", "```dockerfile\nFROM a\n```"], ["notes", "x", "```\nx\n```"], ["constructor", "x", "```\nx\n```"],
    ["README.md", "a\n````js\nb\n````\n", "`````markdown\na\n````js\nb\n````\n`````"],
  ])("the fence around %s names its language, and nothing in it ends it", (name, text, fence) => {
    expect(attachFiles({}, [{ name, mimeType: "", text }]).messages).toEqual([{ role: "user", content: [{ type: "text", text: `File: ${name}\n${fence}` }] }]);
  });

  test("no files, no change", () => {
    const body = { messages: [{ role: "user", content: "x" }] };
    expect(attachFiles(body, [])).toBe(body);
  });
});
