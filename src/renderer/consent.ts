import './styles/consent.css'
import { consentBridge } from './stores/bridge.ts'
import { showConsent } from './views/consent/consent.ts'

const root = document.getElementById('root')
if (!root) throw new Error('consent.html has no #root.')
showConsent(await consentBridge(), root)
