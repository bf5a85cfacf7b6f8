/// <reference path="./x11-package.d.ts" />
import type { Answer, XRectangle } from 'x11'

/** The requests of X extensions that are used, as the `x11` package offers them. */
export interface Extensions {
  readonly damage: DamageExtension
  readonly fixes: FixesExtension
  readonly xtest: XtestExtension
  readonly randr: RandrExtension
  readonly shm: ShmExtension
  readonly dpms: DpmsExtension
  readonly xinput: XinputExtension
  readonly composite: CompositeExtension
}

interface CompositeExtension {
  readonly Redirect: { readonly Automatic: number }
  /** Until the connection ends. */
  RedirectSubwindows(window: number, updateType: number): void
}

interface DamageExtension {
  readonly majorOpcode: number
  readonly firstEvent: number
  readonly ReportLevel: { readonly NonEmpty: number }
  Create(damage: number, drawable: number, level: number): void
  Destroy(damage: number): void
}

interface FixesExtension {
  readonly majorOpcode: number
  CreateRegion(region: number, rectangles: readonly XRectangle[]): void
  DestroyRegion(region: number): void
  SelectCursorInput(window: number, mask: number): void
  GetCursorImage(answer: Answer<XCursorImage>): void
}

export interface XCursorImage {
  readonly width: number
  readonly height: number
  readonly xhot: number
  readonly yhot: number
  readonly cursorSerial: number
  /** B, G, R, A, premultiplied. */
  readonly cursorImage: Buffer
}

interface XtestExtension {
  readonly KeyPress: number
  readonly KeyRelease: number
  readonly ButtonPress: number
  readonly ButtonRelease: number
  readonly MotionNotify: number
  FakeInput(type: number, detail: number, delayMs: number, window: number, x: number, y: number): void
}

interface RandrExtension {
  readonly majorOpcode: number
  readonly major_version: number
  readonly minor_version: number
  readonly firstEvent: number
  SelectInput(window: number, mask: number): void
  GetScreenResourcesCurrent(window: number, answer: Answer<{ crtcs: number[]; config_timestamp: number }>): void
  GetCrtcInfo(
    crtc: number,
    configTimestamp: number,
    answer: Answer<{ x: number; y: number; width: number; height: number; mode: number; output: number[] }>,
  ): void
  GetOutputInfo(output: number, configTimestamp: number, answer: Answer<{ name: string }>): void
  GetOutputPrimary(window: number, answer: Answer<number>): void
}

interface ShmExtension {
  readonly majorOpcode: number
  AttachFd(segment: number, fd: number, readOnly: boolean, answer: (error?: Error | null) => true): void
  Detach(segment: number): void
}

interface DpmsExtension {
  /** 0 on, 1 standby, 2 suspend, 3 off; then whether DPMS is switched on at all. */
  Info(answer: Answer<readonly [powerLevel: number, isEnabled: number]>): void
}

interface XinputExtension {
  readonly majorOpcode: number
  readonly AllDevices: number
  readonly AllMasterDevices: number
  XIQueryDevice(deviceId: number, answer: Answer<readonly { deviceId: number; use: number; name: string }[]>): void
  /** Null where the server has only version 1. */
  readonly xi2: object | null
  /** Replaces what this connection had selected on the window for the device. */
  XISelectEvents(window: number, selection: { readonly deviceId: number; readonly mask: readonly string[] }): void
}
