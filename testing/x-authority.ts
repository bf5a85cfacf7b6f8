export { authorityEntry } from '../agent/service/unattended/authority-file.ts'
