/** What a device that was found by its words is ordered and narrowed by, without its row. */
export const foundDevices = `
create index device_by_id on device (id, organisation_id, group_id, status, away, platform, name_key, seen_rank, os_key) where removed_at_ms is null;
`
