import { describe, expect, test } from "bun:test";
import { guessMimeType, parseDataUrl, toDataUrl } from "./data-url.ts";

const base64 = (bytes: string): string => btoa(bytes);

describe("parseDataUrl", () => {
  test("reads type and data, and writes them back", () => {
    const url = "data:image/png;base64,iVBORw0KGgo=";
    expect(parseDataUrl(url)).toEqual({ type: "base64", mimeType: "image/png", data: "iVBORw0KGgo=" });
    expect(toDataUrl("image/png", "iVBORw0KGgo=")).toBe(url);
  });

  test("a missing type is octet-stream", () => {
    expect(parseDataUrl("data:;base64,QQ==")).toEqual({ type: "base64", mimeType: "application/octet-stream", data: "QQ==" });
    expect(parseDataUrl("data:,A")?.mimeType).toBe("application/octet-stream");
  });

  test("further parameters are skipped, spelling in capitals is read", () => {
    expect(parseDataUrl("DATA:Text/Plain;charset=utf-8;name=a.txt;BASE64,QQ==")).toEqual({ type: "base64", mimeType: "text/plain", data: "QQ==" });
  });

  test("a percent-encoded body becomes base64 of its bytes", () => {
    expect(parseDataUrl("data:text/plain,hello%20w%C3%B6rld")?.data).toBe(Buffer.from("hello wörld").toString("base64"));
    expect(parseDataUrl("data:text/plain;charset=utf-8,wörld 100%")?.data).toBe(Buffer.from("wörld 100%").toString("base64"));
  });

  test("base64 that was percent-encoded is decoded once", () => {
    expect(parseDataUrl("data:image/png;base64,ab%2Bcd%2Fe%3D")?.data).toBe("ab+cd/e=");
  });

  test("commas after the first belong to the body", () => {
    expect(parseDataUrl("data:text/csv,a,b,c")?.data).toBe(base64("a,b,c"));
  });

  test.each(["https://example.com/a.png", "data:image/png;base64", "", "iVBORw0KGgo="])("%p is no data URL", (url) => {
    expect(parseDataUrl(url)).toBeUndefined();
  });

  test("a body of 20 MB is read", () => {
    const data = "A".repeat(20 * 1024 * 1024);
    expect(parseDataUrl(`data:image/png;base64,${data}`)?.data.length).toBe(data.length);
  });
});

describe("guessMimeType", () => {
  test.each([
    ["report.PDF", "application/pdf"],
    ["photo.tar.jpeg", "image/jpeg"],
    ["clip.mov", "video/quicktime"],
    ["notes.md", "text/markdown"],
  ])("%s is %s by its ending", (name, type) => {
    expect(guessMimeType(name, undefined)).toBe(type);
  });

  test.each([
    ["%PDF-1.7 and so on", "application/pdf"],
    ["\x89PNG\r\n\x1a\n0000000000", "image/png"],
    ["\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"],
    ["GIF89a........", "image/gif"],
    ["RIFF\x24\0\0\0WEBPVP8 ", "image/webp"],
    ["RIFF\x24\0\0\0WAVEfmt ", "audio/wav"],
    ["\0\0\0\x18ftypheic\0\0", "image/heic"],
    ["\0\0\0\x18ftypisom\0\0", "video/mp4"],
    ["ID3\x04\0\0", "audio/mpeg"],
    ["PK\x03\x04\x14\0", "application/zip"],
    ["\x1aE\xdf\xa3\x01", "video/webm"],
  ])("%p is %s by its first bytes", (bytes, type) => {
    expect(guessMimeType(undefined, base64(bytes))).toBe(type);
  });

  test("unpadded base64 and line breaks do not disturb", () => {
    expect(guessMimeType(undefined, "JVBERi0xLjcKJ")).toBe("application/pdf");
    expect(guessMimeType(undefined, "iVBO\r\nRw0KGgo=")).toBe("image/png");
  });

  test("the ending goes first, unknown endings leave it to the bytes", () => {
    expect(guessMimeType("a.png", base64("%PDF-1.7"))).toBe("image/png");
    expect(guessMimeType("a.constructor", base64("%PDF-1.7"))).toBe("application/pdf");
  });

  test("what nobody knows stays unknown", () => {
    expect(guessMimeType("README", base64("just words"))).toBeUndefined();
    expect(guessMimeType(undefined, "!!! no base64 !!!")).toBeUndefined();
    expect(guessMimeType(undefined, undefined)).toBeUndefined();
  });
});
