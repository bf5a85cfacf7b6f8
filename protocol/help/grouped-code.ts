/** 123456789 as people read and say it. */
export const groupedCode = (code: string): string => code.replace(/(\d{3})(?=\d)/g, '$1 ')
