// What src/math uses of WebAssembly; in src and web it comes with the browser's types, which Node's do not hold.
declare namespace WebAssembly {
  class Module { constructor(bytes: Uint8Array<ArrayBuffer>); }
  class Memory { constructor(size: { initial: number }); readonly buffer: ArrayBuffer; grow(pages: number): number; }
  class Instance { constructor(module: Module, imports: { env: { memory: Memory } }); readonly exports: Record<string, unknown>; }
}
