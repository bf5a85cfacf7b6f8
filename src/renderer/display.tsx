import './styles/operator.css'
import './zod-without-eval.ts'
import { createRoot } from 'react-dom/client'
import { displayBridge } from './stores/bridge.ts'
import { createDisplayApp } from './stores/display-app.ts'
import { DisplayWindow } from './views/display/display-window.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('display.html has no #root.')
const app = createDisplayApp(displayBridge())
// The device hears at once that nobody looks any more.
window.addEventListener('pagehide', () => app.close())
createRoot(root).render(<DisplayWindow app={app} />)
