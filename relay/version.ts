import product from '../package.json' with { type: 'json' }

export const RELAY_VERSION: string = product.version
