import { ChevronDown } from 'lucide-react'
import { PICTURE_PRESETS, PICTURE_RANGES } from '#protocol/peer/control.ts'
import { Menu, MenuChoice } from '../../components/menu.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import { type SessionPreferences, setPreferences } from '../../stores/ui-store.ts'
import { useApp, usePreferences } from '../app-context.ts'
import { LimitField } from './limit-field.tsx'
import { pictureStrings as strings } from './strings.ts'

type Picture = SessionPreferences['picture']
const PERCENT = 100

/** What the picture should be good at. The limits are shown only where they hold. */
export function PictureSettingsSection({ ticket }: { ticket: string }) {
  const app = useApp()
  const { picture } = usePreferences(ticket)
  const change = (part: Partial<Picture>) => setPreferences(app.ui, ticket, { picture: { ...picture, ...part } })
  return (
    <section aria-label={strings.title} className="flex flex-col gap-2 px-3 pb-3">
      <div className="flex items-center justify-between gap-3">
        <span className="text-muted">{strings.title}</span>
        <Menu
          align="end"
          trigger={
            <ToolButton label={strings.choose} className="-mr-1.5">
              {strings.presets[picture.preset].label}
              <ChevronDown aria-hidden size={14} />
            </ToolButton>
          }
        >
          <MenuChoice
            value={picture.preset}
            onChange={preset => change({ preset })}
            options={PICTURE_PRESETS.map(preset => ({ value: preset, ...strings.presets[preset] }))}
          />
        </Menu>
      </div>
      {picture.preset === 'custom' ? (
        <>
          <LimitField
            label={strings.maxFrames}
            unit={strings.framesUnit}
            range={PICTURE_RANGES.framesPerSecond}
            value={picture.maxFramesPerSecond}
            onChange={maxFramesPerSecond => change({ maxFramesPerSecond })}
          />
          <LimitField
            label={strings.maxRate}
            unit={strings.rateUnit}
            range={PICTURE_RANGES.kbps}
            value={picture.maxKbps}
            onChange={maxKbps => change({ maxKbps })}
          />
          <LimitField
            label={strings.scale}
            unit={strings.scaleUnit}
            range={{ min: PICTURE_RANGES.scale.min * PERCENT, max: PICTURE_RANGES.scale.max * PERCENT }}
            value={picture.scale === undefined ? undefined : Math.round(picture.scale * PERCENT)}
            onChange={percent => change({ scale: percent === undefined ? undefined : percent / PERCENT })}
          />
        </>
      ) : null}
    </section>
  )
}
