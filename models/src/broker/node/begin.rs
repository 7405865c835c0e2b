use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Time;
use cascadia_sim_core::Sim;

use super::life::Alive;
use super::place::Node;
use super::writer;
use crate::broker::controller::FILE;
use crate::broker::hub::Hub;
use crate::broker::settings::Flush;
use crate::component::Life;
use crate::journal::Journal;

/// How often it is looked for silent feeds and letters that were not answered.
const ROUND: Duration = Duration::from_secs(5);

impl Node {
    /// Reads the disk, and is there.
    pub(super) async fn begin(self: Arc<Self>, life: Life) {
        let Ok(safe) = writer::read(&life).await else { return };
        let mut saved = None;
        if self.plan.is_replicated() {
            let Ok(opened) = Journal::open(&life, FILE).await else { return };
            saved = Some(opened);
        }
        let hub = life.common::<Hub>(&self.plan.name).expect("its places have a hub in common");
        {
            let kept = &mut *self.kept.borrow_mut();
            let alive = Alive::new(hub, life.clone(), kept, (safe, saved));
            self.state.borrow_mut().alive = Some(alive);
        }
        self.with(|_, _| ());
        if self.plan.is_replicated() {
            life.spawn(Arc::clone(&self).keep_pace(life.clone()));
        }
        if let Flush::Every(every) = self.plan.flush {
            life.spawn(Arc::clone(&self).sync_now_and_then(life.clone(), every));
        }
        loop {
            life.sleep(ROUND).await;
            self.with(|alive, kept| alive.look_round(kept));
        }
    }

    /// Does what is due then.
    pub(super) fn wake_at(self: &Arc<Self>, at: Time) {
        let (node, sim, lives) = (Arc::downgrade(self), self.sim(), self.lives());
        let Some(sim) = sim else { return };
        sim.at(at, move || {
            if let Some(node) = node.upgrade()
                && node.lives() == lives
            {
                node.with(Alive::tick);
            }
        });
    }

    fn sim(&self) -> Option<Sim> {
        self.state.borrow_mut().life.as_ref().map(|life| life.sim)
    }

    fn lives(&self) -> Option<u64> {
        self.state.borrow_mut().life.as_ref().map(Life::incarnation)
    }
}
