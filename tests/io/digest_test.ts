import { assertEquals, assertThrows } from "@std/assert";
import { combineUuids, fileUuid, isUuid } from "../../src/io/digest.ts";
import { withTempFolder } from "../helpers.ts";

// The UUIDs are those of Python's uuid.UUID(bytes=hashlib.md5(…).digest()).
const OF_ABC = "90015098-3cd2-4fb0-d696-3f7d28e17f72";
const OF_NOTHING = "d41d8cd9-8f00-b204-e980-0998ecf8427e";

Deno.test("fileUuid() is the md5 of a file of any size", () =>
  withTempFolder((folder) => {
    const path = `${folder}/file`;
    Deno.writeTextFileSync(path, "");
    assertEquals(fileUuid(path), OF_NOTHING);
    Deno.writeTextFileSync(path, "abc");
    assertEquals(fileUuid(path), OF_ABC);
    Deno.writeFileSync(path, new Uint8Array(2_500_000).fill(1));
    assertEquals(fileUuid(path), "ddb10261-ebc1-92ab-866f-9f448752e8e8");
  }));

Deno.test("combineUuids() depends on the order", () => {
  const combined = "fdf1fdf1-567f-6942-ffe1-743f1e72301e";
  assertEquals(combineUuids([OF_ABC, OF_NOTHING]), combined);
  assertEquals(combineUuids([OF_NOTHING, OF_ABC]) === combined, false);
  assertThrows(() => combineUuids(["abc"]), SyntaxError, '"abc" is not a UUID');
});

Deno.test("isUuid() takes the form alone", () => {
  assertEquals(isUuid(OF_ABC), true);
  assertEquals(isUuid(OF_ABC.replaceAll("-", "")), false);
});
