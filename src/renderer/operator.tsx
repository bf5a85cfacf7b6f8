import './styles/operator.css'
import './zod-without-eval.ts'
import { createRoot } from 'react-dom/client'
import { operatorBridge } from './stores/bridge.ts'
import { createOperatorApp } from './stores/operator-app.ts'
import { Operator } from './views/operator.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('operator.html has no #root.')
const app = createOperatorApp(operatorBridge())
// A page that goes tells its peers at once; they would notice by themselves only after seconds.
window.addEventListener('pagehide', () => app.close())
createRoot(root).render(<Operator app={app} />)
