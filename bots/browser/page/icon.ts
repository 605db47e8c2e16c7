/** The mark: a speech bubble with a tick. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="9" fill="#2563eb"/>
<path d="M9 8h14a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-6.2L12 26v-4H9a3 3 0 0 1-3-3v-8a3 3 0 0 1 3-3Z" fill="#fff"/>
<path d="m11.6 15.2 3 3 5.8-6" fill="none" stroke="#2563eb" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`
