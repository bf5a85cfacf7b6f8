import { openConnectProxy } from './hard-ways.ts'

// A proxy as a program of its own, for whoever has the name and the password of its command line. It prints its port.
const { port } = await openConnectProxy(process.argv[2])
console.log(`port ${port}`)
