/// <reference path="./webassembly.d.ts" />
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

/** Addresses and lengths are bytes unless a name says otherwise; what each function does stands in `kernel/`. */
export interface Kernel {
  convertRows(
    source: number,
    sourceStride: number,
    target: number,
    targetStride: number,
    widthPixels: number,
    rows: number,
    changes: number,
  ): void
  compareRows(a: number, b: number, stride: number, widthPixels: number, rows: number, changes: number): void
  hashRows(at: number, stride: number, widthPixels: number, rows: number, segments: number, hashes: number): void
  moveRows(from: number, to: number, stride: number, widthPixels: number, rows: number): void
  copyRect(from: number, to: number, stride: number, widthPixels: number, rows: number): void
  encodeRect(
    current: number,
    known: number,
    stride: number,
    widthPixels: number,
    rows: number,
    cache: number,
    out: number,
    capacity: number,
  ): number
  findAnchor(
    anchor: number,
    at: number,
    stride: number,
    minDx: number,
    maxDx: number,
    minDy: number,
    maxDy: number,
    out: number,
    capacity: number,
  ): number
  compareBlocks(
    current: number,
    known: number,
    moved: number,
    stride: number,
    columns: number,
    rows: number,
    out: number,
  ): void
  /** 0 or 1. */
  areEqual(a: number, b: number, stride: number, widthPixels: number, rows: number): number
  halve(
    source: number,
    sourceStride: number,
    target: number,
    targetStride: number,
    widthPixels: number,
    rows: number,
  ): void
  toI420(
    source: number,
    stride: number,
    widthPixels: number,
    rows: number,
    y: number,
    yStride: number,
    u: number,
    v: number,
  ): void
}

let compiled: WebAssembly.Module | undefined

/** The compiled `kernel/` over `memory`. It lies beside this file, or beside the program that this file was built into. */
export function openKernel(memory: WebAssembly.Memory): Kernel {
  return new WebAssembly.Instance(compileKernel(), { env: { memory } }).exports as unknown as Kernel
}

/** So that nobody who waits for a picture waits for this. Cheap when it was done before. */
export function compileKernel(): WebAssembly.Module {
  compiled ??= compile()
  return compiled
}

function compile(): WebAssembly.Module {
  // Without V8's quick first compiler: with it the first picture, which everybody waits for, takes five times as long as the ones after it.
  setFlagsFromString('--no-liftoff')
  return new WebAssembly.Module(readFileSync(new URL('./kernel.wasm', import.meta.url)))
}
