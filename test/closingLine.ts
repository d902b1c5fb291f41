// The last lines of a test run: what extended and browser tests did, then "N passed, N failed, N skipped".
import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0 };
    const kinds: Record<string, { ran: number; skipped: string[] }> = { extended: { ran: 0, skipped: [] }, browser: { ran: 0, skipped: [] } };
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        count[state === "passed" ? "passed" : state === "failed" ? "failed" : "skipped"]++;
        const kind = kinds[/^\[(\w+)\]/.exec(test.name)?.[1] ?? ""];
        if (kind === undefined) continue;
        if (state === "skipped") kind.skipped.push(test.name);
        else kind.ran++;
      }
    }
    for (const [name, { ran, skipped }] of Object.entries(kinds)) {
      console.log(`${name} tests: ${ran} ran, ${skipped.length} skipped`);
      for (const test of skipped) console.log(`  skipped: ${test}`);
    }
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
