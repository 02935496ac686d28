import { get, post, thereIf } from './step.ts';
import type { Step } from './step.ts';

/** Where those without an organization go; only its name is said, so it is left as it is where it is there. */
export function homeStep(id: string): Step {
  return {
    kind: 'organization',
    name: id,
    look: get(`/api/organizations/${encodeURIComponent(id)}`),
    progress: (status) => thereIf(status === 200),
    make: post('/api/organizations/create', {
      organization_id: id,
      name: id,
      create_default_team: false,
    }),
  };
}
