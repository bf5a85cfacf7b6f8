import { useStore } from 'zustand'
import type { AdminApp, AdminState } from '../../stores/admin/admin-app.ts'
import { useApp } from '../app-context.ts'

export const useAdmin = (): AdminApp => useApp().admin

export const useAdminState = <T>(select: (state: AdminState) => T): T => useStore(useAdmin().store, select)
