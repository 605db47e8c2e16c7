import type { Deliver } from './wire.ts'

/** Carries pushes over real HTTP; for the demo, the tests over sockets and the benchmarks. */
export const deliverByHttp: Deliver = async (push, signal) => {
  const answer = await fetch(push.url, {
    method: push.method,
    headers: push.headers,
    ...(push.method === 'GET' ? {} : { body: new Uint8Array(push.body) }),
    redirect: 'manual',
    signal,
  })
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()),
  }
}
