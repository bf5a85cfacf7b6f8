/** What the painter can paint. `click` answers a press with a patch and is measured by itself. */
export const WORKLOADS = ['typing', 'scroll', 'windows', 'video', 'photo', 'changes', 'idle'] as const
export type WorkloadName = (typeof WORKLOADS)[number]

/** The patch that changes its colour with each press of a button, in pixels of the device's display. */
export const CLICK_PATCH = { x: 800, y: 500, width: 64, height: 64 } as const
