import { assertEquals } from "@std/assert";
import { isInTree, readTree, ROOT, type TreeFile } from "./_tree.ts";

const documents = readTree("", ".md");

Deno.test("every relative link in the documents has a target", () => {
  const broken = documents.flatMap((file) =>
    linksOf(file)
      .filter((link) => !hasTarget(file, link))
      .map((link) => `${file.path} -> ${link}`)
  );
  assertEquals(broken, []);
});

function linksOf({ text }: TreeFile): string[] {
  const prose = text.replace(/^```.*?^```/gms, "").replace(/`[^`\n]*`/g, "");
  const links = prose.matchAll(/\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)/gm);
  const attributes = prose.matchAll(/\b(?:src|href|srcset)="([^"]+)"/g);
  return [...links, ...attributes]
    .map(([, first, second]) => first ?? second ?? "")
    .filter((link) => !/^[a-z]+:/.test(link));
}

function hasTarget(file: TreeFile, link: string): boolean {
  const url = new URL(link, new URL(file.path, ROOT));
  const path = decodeURI(url.pathname.slice(ROOT.pathname.length));
  if (!url.pathname.startsWith(ROOT.pathname) || !isInTree(path)) return false;
  if (url.hash === "" || !path.endsWith(".md")) return true;
  const target = documents.find((document) => document.path === path);
  return anchorsOf(target?.text ?? "").includes(url.hash.slice(1));
}

/** The anchors that code hosts give to headings. */
function anchorsOf(text: string): string[] {
  const headings = text.replace(/^```.*?^```/gms, "").matchAll(/^#+ +(.+)$/gm);
  return Array.from(headings, ([, heading = ""]) =>
    heading.trim().toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"));
}
